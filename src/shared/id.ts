/** Names by which files refer to each other: of courses, lessons, exercises, tasks and what stands in them. */
import { z } from 'zod';

/** A module of its own: the first script of a lesson needs it, and none of the schemas of what is named. */
export const idSchema = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens');
