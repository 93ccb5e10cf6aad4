/** The course as the modules of the site see it; what is in it was checked when Astro read its configuration. */
import courseText from '/content/course.yaml?raw';
import { parseCourse } from '../../checkers/course.ts';

export const siteCourse = parseCourse(courseText);
