/** Days since 1970: what a run of the tests has no time for every day takes turns by it. */
export const today = Math.floor(Date.now() / 86_400_000);
