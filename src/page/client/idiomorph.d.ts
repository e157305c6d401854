/** The library, as it is served beside this script. */
export { Idiomorph } from 'idiomorph';
