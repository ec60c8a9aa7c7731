/** The files with which an app begins. They work as they are: a test loads, seeds and tests them. */
export function templates(slug: string, schema: string): Readonly<Record<string, string>> {
  const title = capital(slug.replaceAll('-', ' '))
  return {
    'app.yaml': `# yaml-language-server: $schema=${schema}
app: ${slug}
title: ${title}

auth: { signup: open }

collections:
  notes:
    schema:
      required: [text]
      properties:
        text: { type: string, minLength: 1, maxLength: 1000 }
        pinned: { type: boolean, default: false }
        owner: { $ref: users, owner: true }
    rules:
      read: true # anybody
      create: auth.id != null # who is signed in
      write: record.owner == auth.id # only one's own
`,
    'seed.yaml': `# Records to begin with: \`roadbase apps seed ${slug}\` makes the set named default, and changes nothing that is there.
default:
  ada: { users: { email: ada@example.org, password: correct horse battery staple } }
  welcome: { notes: { text: 'Welcome to ${title}', pinned: true, owner: ada } }
`,
    'scenario.test.ts': `import { expect, scenario } from 'roadbase/testing'

// \`roadbase types ${slug} --out types.ts\` writes the app's types; with them it is scenario<…>(…), and editors know every field.
scenario({ folder: '.' }, ({ app, test }) => {
  test('anybody reads the notes', async () => {
    await app.seeded('default')
    const { items } = await app.anonymous().collection('notes').list()
    expect(items).toMatchObject([{ text: 'Welcome to ${title}', pinned: true }])
  })

  test('a note can be changed by its owner only', async () => {
    const [ada, ben] = await app.signUpMany(2)
    const note = await ada!.collection('notes').create({ text: 'Mine' })
    await expect(ben!.collection('notes').update(note.id, { text: 'Yours' })).toBeRefused('forbidden')
    expect(await ada!.collection('notes').update(note.id, { pinned: true })).toMatchObject({ text: 'Mine', pinned: true })
  })

  test('who is not signed in writes nothing', async () => {
    const notes = app.anonymous().collection('notes')
    await expect(notes.create({ text: 'Hello' })).toBeRefused('forbidden')
  })
})
`,
  }
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
