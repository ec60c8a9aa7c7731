const LONGEST = 1000

/**
 * The path of an entry relative to the app's folder, or why there is none. `./` in front is what `tar -C folder .` writes, and a folder's
 * name ends with `/`; everything else that is not plain names with `/` between them is refused, whatever it would lead to.
 */
export function entryName(raw: string): { readonly path: string } | { readonly fault: string } {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to find
  if (/[\0-\x1f\x7f\uFFFD]/.test(raw)) return { fault: 'has a name with control characters, or that is no UTF-8' }
  if (raw.length > LONGEST) return { fault: `has a name of more than ${LONGEST} characters` }
  if (raw.includes('\\')) return { fault: "has a name with '\\'" }
  if (raw.startsWith('/') || /^[a-z]:/i.test(raw)) return { fault: 'has an absolute path' }
  const path = raw.replace(/^(\.\/)+/, '').replace(/\/$/, '')
  if (path === '' || path === '.') return { path: '' }
  const parts = path.split('/')
  if (parts.includes('..')) return { fault: 'leads out of the folder' }
  if (parts.some((part) => part === '' || part === '.')) return { fault: "has a path with an empty part or '.'" }
  return { path }
}
