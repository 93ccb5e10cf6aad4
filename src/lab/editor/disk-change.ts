/** What to do with an open file when the guest says that it may have changed on the disk. */

export interface OpenFile {
  /** What was on the disk when it was last read or written from here; `undefined` once it was deleted there. */
  baseline: string | undefined;
  /** What is in the editor. */
  text: string;
}

export type DiskAction =
  /** Nothing is new, for example after a save from here. */
  | 'none'
  /** The disk has what the editor has: it counts as saved. */
  | 'saved'
  /** The editor takes the new text, nothing is lost. */
  | 'reload'
  /** Both sides changed: the learner decides. */
  | 'conflict'
  /** The file is gone; its text lives on in the editor. */
  | 'deleted';

/** @param disk the text on the disk now, `undefined` if the file is gone */
export function diskAction(file: OpenFile, disk: string | undefined): DiskAction {
  if (disk === file.baseline) return 'none';
  if (disk === undefined) return 'deleted';
  if (disk === file.text) return 'saved';
  return file.text === file.baseline ? 'reload' : 'conflict';
}
