/** What Go's text/template fails with, too: `map has no entry for key "tenant"`. */
export class TemplateError extends Error {}

/** What is right, but cannot be told here, as the end of a sentence: "its template uses sha256sum, which flamingo does not fill in". */
export class NotTold extends Error {}

/** What Go and the operator may well fill in, but takes minutes or gigabytes. */
export function tooMuch(): TemplateError {
  return new TemplateError("they make too much");
}

/** A word of Go's templates that is not filled in here. */
export function notFilledIn(word: string): NotTold {
  return new NotTold(`its template uses ${word}, which flamingo does not fill in`);
}
