/** Records that look like those of a real library, and are the same in every run. */
export interface Library {
  readonly genres: readonly Item[]
  readonly authors: readonly Item[]
  readonly books: readonly Item[]
  readonly members: readonly Item[]
  readonly loans: readonly Item[]
}

export type Item = Readonly<Record<string, unknown>>

/** As many in all, in the proportions that a library has. */
export function makeLibrary(size: number): Library {
  const random = randomFrom(20_260_101)
  const one = <T>(list: readonly T[]): T => list[random(list.length)] as T
  const maybe = <T>(value: T, oneIn: number): T | undefined => (random(oneIn) === 0 ? undefined : value)
  const day = (from: number, years: number) =>
    new Date(Date.UTC(from, 0, 1 + random(years * 365))).toISOString().slice(0, 10)
  const instant = (from: number, years: number) =>
    new Date(
      Date.UTC(from, 0, 1) + random(years * 365) * 86_400_000 + random(86_400) * 1000 + random(1000),
    ).toISOString()
  const sentence = () => {
    const words = Array.from({ length: 6 + random(10) }, () => one(WORDS)).join(' ')
    return `${words[0]?.toUpperCase()}${words.slice(1)}${one(['.', '.', '.', '!', '?', ' – “so it goes”.'])}`
  }
  const text = (most: number) => Array.from({ length: 1 + random(most) }, sentence).join(one([' ', ' ', '\n', '\n\n']))
  const name = () => `${one(FIRST)} ${one(LAST)}${random(6) === 0 ? `-${one(LAST)}` : ''}`
  const many = (share: number, make: (n: number) => Item) =>
    Array.from({ length: Math.round(size * share) }, (_, n) => make(n))

  const genres = GENRES.map((genre) => ({ id: genre, name: genre.replace(/^./, (letter) => letter.toUpperCase()) }))
  const authors = many(0.08, (n) => {
    const full = name()
    const born = maybe(day(1850, 150), 9)
    return {
      code: [...ascii(full), n].join('-'),
      name: full,
      born,
      country: maybe(one(COUNTRIES), 5),
      about: maybe(text(3), 2),
    }
  })
  const books = many(0.34, (n) => ({
    isbn: isbn(n),
    title: title(),
    about: maybe(text(5), 4),
    author: { code: one(authors)['code'] },
    genres: [...new Set(Array.from({ length: random(4) }, () => one(GENRES)))],
    published: maybe(day(1900, 125), 12),
    pages: maybe(20 + random(1200), 10),
    price: maybe(`${random(90)}.${String(random(100)).padStart(2, '0')}`, 8),
    extra: maybe({ publisher: one(PUBLISHERS), shelf: { row: random(40), place: one(['left', 'right', '=top']) } }, 3),
  }))
  const members = many(0.25, (n) => {
    const full = name()
    return {
      email: `${[...ascii(full), n].join('.')}@example.${one(['org', 'com', 'net'])}`,
      name: full,
      city: maybe(one(CITIES), 7),
      birthday: maybe(day(1930, 85), 3),
      phone: maybe(`+49 ${100 + random(900)} ${1_000_000 + random(9_000_000)}`, 3),
      joinedAt: instant(2010, 15),
      note: maybe(one(['=no letters', "'quoted'", 'pays in cash, "always"', '-', text(1)]), 1 + random(6)),
    }
  })
  const loans = many(0.33, () => {
    const takenAt = instant(2015, 10)
    const backAt = maybe(new Date(Date.parse(takenAt) + random(60 * 86_400) * 1000).toISOString(), 6)
    const fee = random(12) === 0 ? `${random(30)}.${one(['00', '50', '05'])}` : undefined
    return { book: { isbn: one(books)['isbn'] }, member: { email: one(members)['email'] }, takenAt, backAt, fee }
  })
  return { genres, authors, books, members, loans }

  function title(): string {
    const words = Array.from({ length: 1 + random(4) }, () => one(WORDS)).map((word) =>
      word.replace(/^./, (letter) => letter.toUpperCase()),
    )
    return `${one(['The ', 'A ', '', '', 'Über '])}${words.join(' ')}${random(9) === 0 ? `, vol. ${1 + random(9)}` : ''}`
  }
}

/** Small and repeatable (mulberry32). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Words of the letters that addresses may have. */
function ascii(text: string): readonly string[] {
  return (
    text
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[a-z]+/g) ?? []
  )
}

/** With its check digit. */
function isbn(n: number): string {
  const digits = `9783${String(n * 37 + 10_000).padStart(8, '0')}`
  const sum = [...digits].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0)
  return `${digits}${(10 - (sum % 10)) % 10}`
}

const words = (text: string) => text.split(' ')
const FIRST = words(
  'Ada Grace Åsa Björn Chloé Dmitri Élodie Fatma Giorgos Hüseyin Iñaki João Käthe Łukasz María Ngozi Ólafur Priya Rémi Søren Tomáš Uğur Věra Wei Xiomara Yuki Zoë',
)
const LAST = words(
  'Lovelace Hopper Nilsson Müller O’Brien Çelik Dvořák García Haddad Ibsen Jóhannsson Kowalski Lefèvre Møller Nakamura Okafor Pérez Quintana Rossi Šimić Thorsen Ünal Văcărescu Weiß Yılmaz Zhang',
)
const CITIES = [
  'Zürich',
  'Köln',
  'Århus',
  'São Paulo',
  'Łódź',
  'Reykjavík',
  'Ulm',
  'Bern',
  'Ķekava',
  '東京',
  'Θεσσαλονίκη',
  'New York',
]
const COUNTRIES = words('DE CH FR PL SE TR US BR JP NG IS GR')
const PUBLISHERS = ['Salt & Ink', 'Éditions du Port', '"Quoted" Press', 'Nordlicht, Verlag', 'Kaçkar']
const GENRES = words(
  'adventure art biography children comic cooking crime drama essay fable fairy-tale fantasy film history horror humour law letters maths medicine memoir music mystery nature novel opera philosophy physics poetry politics religion romance satire science sea short-stories sport theatre travel war western',
)
const WORDS = words(
  'the of and a in to harbour light house river stone winter summer garden letter captain daughter engine mountain silence bread salt water morning night road window glass iron bridge island storm bird wolf horse king winterless queen market song singing sang runner running ran old new last first secret hidden broken golden red blue white darkness silver forgotten wandering empty quiet loud thousand seven years days hours under over beyond between against without returning keeper maker teller dreamer gardener sailor writer reader stranger neighbour brother sister mother father child children',
)
