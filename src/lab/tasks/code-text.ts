/** Short texts of exercises and errors may set code in backticks, and nothing else. */

export interface TextPart {
  code: boolean;
  text: string;
}

/** Takes a text apart. A backtick without its partner is an ordinary character. */
export function textParts(text: string): TextPart[] {
  return text
    .split(/(`[^`]+`)/)
    .filter((part) => part !== '')
    .map((part) => (/^`[^`]+`$/.test(part) ? { code: true, text: part.slice(1, -1) } : { code: false, text: part }));
}
