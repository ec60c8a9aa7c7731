/**
 * Some 18,000 of the commonest passwords of 8 characters and more, lower case, from the zxcvbn-ts lists (MIT; data only).
 * Read when the first password is chosen: it takes 20 ms and 3 MB that a server without sign-ups never needs.
 */
export async function loadCommonPasswords(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common'].filter((password) => password.length >= 8))
}
