/** Starlight's skip link and table of contents point at this id, which it does not export. */
export const PAGE_TITLE_ID = '_top';
