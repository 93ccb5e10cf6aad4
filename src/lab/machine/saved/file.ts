/** A saved machine with its label, and both as one file: to keep elsewhere, to hand in, to go on in another browser. */
import { z } from 'zod';
import { idSchema } from '../../../shared/id.ts';
import { progressSchema } from '../../../checkers/progress.ts';
import { decodeUtf8, encodeUtf8 } from '../../../shared/bytes.ts';
import { DrydockError, isDrydockError, reasonOf } from '../../../shared/errors.ts';

/** Characters of a name; longer ones are cut by the field that asks for it. */
export const longestName = 80;

export const savedSessionSchema = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  name: z.string().min(1).max(longestName),
  kind: z.enum(['manual', 'auto']).describe('auto: by itself'),
  page: z.string().max(200).describe('Address of the lesson below the locale, such as `containers/first-container`'),
  title: z.string().max(200).describe('Title of the lesson'),
  savedAt: z.iso.datetime(),
  imageId: z.string().min(1).max(100).describe('The published image that it differs from'),
  bytes: z.int().nonnegative().describe('Size of what is kept'),
  exercise: z.strictObject({ id: idSchema, progress: progressSchema }).optional().describe('Tasks done until then'),
});

/** All about a saved machine but the machine. */
export type SavedSession = z.infer<typeof savedSessionSchema>;

/** How a file begins. */
const magic = 'drydock-session 1\n';
/** A label with a long record of progress stays far below. */
const largestLabel = 1 << 20;

/** The file: the magic line, length of the label (u32, little endian), label in JSON, machine. */
export function writeSessionFile(session: SavedSession, image: Blob): Blob {
  const label = encodeUtf8(JSON.stringify(session));
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, label.length, true);
  return new Blob([magic, length, label, image], { type: 'application/octet-stream' });
}

/** Rejects with `session-invalid`. The machine itself is looked at only when it is restored. */
export async function readSessionFile(file: Blob): Promise<{ session: SavedSession; image: Blob }> {
  try {
    const start = magic.length + 4;
    const head = await file.slice(0, start).arrayBuffer();
    if (head.byteLength < start || decodeUtf8(new Uint8Array(head, 0, magic.length)) !== magic) throw invalid('it does not begin like one');
    const length = new DataView(head).getUint32(magic.length, true);
    if (length > largestLabel) throw invalid('its label is too long');
    const session = savedSessionSchema.parse(JSON.parse(await file.slice(start, start + length).text()));
    const image = file.slice(start + length);
    if (image.size !== session.bytes) throw invalid(`it should have ${session.bytes} bytes after its label and has ${image.size}`);
    return { session, image };
  } catch (error) {
    if (isDrydockError(error)) throw error;
    const reason = error instanceof z.ZodError ? `its label: ${error.issues[0]?.message ?? 'unknown shape'}` : reasonOf(error);
    throw new DrydockError('session-invalid', { reason }, { cause: error });
  }
}

/** Name for the exported file. */
export function sessionFileName({ page, savedAt }: SavedSession): string {
  const lesson = page.slice(page.lastIndexOf('/') + 1).replaceAll(/[^a-z0-9-]/g, '') || 'machine';
  return `drydock-${lesson}-${savedAt.slice(0, 16).replaceAll(/[T:]/g, '-')}.drydock`;
}

/** `crypto.randomUUID` exists in secure contexts only. */
export function newSessionId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function invalid(reason: string): DrydockError {
  return new DrydockError('session-invalid', { reason });
}
