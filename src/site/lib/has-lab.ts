/** Which pages have the lab beside their text: lessons with an exercise, and those that ask for it, as the sandbox does. */
import { labByDefault } from './course.ts';
import { siteCourse } from './site-course.ts';

/** @param entry a page, with its id in Astro's collection: its locale, then its slug */
export function hasLab({ id, data }: { id: string; data: { exercise?: string | undefined; lab?: boolean | undefined } }): boolean {
  return data.exercise !== undefined || (data.lab ?? labByDefault(siteCourse, id.slice(id.indexOf('/') + 1)) ?? false);
}
