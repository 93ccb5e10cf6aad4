/** Text files that vite hands over as they are. */
declare module '*?raw' {
  const text: string;
  export default text;
}
