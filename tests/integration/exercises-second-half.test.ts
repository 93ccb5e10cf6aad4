import { playExercises } from '../support/exercises.ts';

playExercises(1, 2);
