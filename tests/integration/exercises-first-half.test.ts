import { playExercises } from '../support/exercises.ts';

playExercises(0, 2);
