/** A script of ours as one text, to be written into a document; src/site/lib/inline-script.ts bundles it. */
declare module '*?inline-script' {
  const text: string;
  export default text;
}
