/** Which pages have the lab beside their text: lessons with an exercise, and those that ask for it, as the sandbox does. */
export function hasLab(data: { exercise?: string | undefined; lab?: boolean | undefined }): boolean {
  return data.exercise !== undefined || data.lab === true;
}
