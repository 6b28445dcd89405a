/**
 * The base of each package's one error class. The message says what was seen, then what is allowed.
 *
 * `Code` is the union of the codes that the package can throw. The subclass sets `name` as text: whoever bundles it may
 * shorten the name of the class.
 */
export class CodedError<Code extends string> extends Error {
  /** What went wrong, as a stable word: match this, not the message. */
  readonly code: Code

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** A function that throws `ErrorClass` with one code: what a file throws most has then a short name. */
export const failWith =
  <Code extends string>(
    ErrorClass: new (code: Code, message: string, options?: ErrorOptions) => CodedError<Code>,
    code: Code,
  ): ((message: string, options?: ErrorOptions) => never) =>
  (message, options) => {
    throw new ErrorClass(code, message, options)
  }
