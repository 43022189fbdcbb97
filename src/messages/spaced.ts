/** The space between Chinese and other writing, where a message puts a part beside its own words. */

const beside = /(\p{Script=Han})(?=[A-Za-z0-9×∂‖−])|([A-Za-z0-9%])(?=\p{Script=Han})/gu;

/** The text with a space at each place where Han meets a Latin letter, a digit or a sign. */
export function spaced(text: string): string {
  return text.replaceAll(beside, (character) => `${character} `);
}
