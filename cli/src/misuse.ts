/** A mistake of the caller, answered with its text alone. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
}
