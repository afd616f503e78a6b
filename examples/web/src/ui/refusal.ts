/** An error of the page itself, as a sentence for people. */
export class Refusal extends Error {}
