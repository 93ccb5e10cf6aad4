/** Every tsconfig of the project: one per realm, so that no realm can use what it does not have at run time. */
export const typeCheckedProjects = [
  'src/shared',
  'src/guest',
  'src/network',
  'src/network/node',
  'src/emulator',
  'src/checkers',
  'src/checkers/node',
  'src/lab',
  'src/site',
  'src/bench',
  'vm-images',
  'scripts',
  'tests',
] as const;
