const UNITS = { m: 'minutes', h: 'hours', d: 'days' } as const

/** `30d` as PostgreSQL writes it. The JSON Schema has seen to its form, {@link INTERVAL}. */
export function interval(text: string): string {
  const unit = UNITS[text.slice(-1) as keyof typeof UNITS]
  return `${text.slice(0, -1)} ${unit}`
}

export const INTERVAL = {
  type: 'string',
  pattern: '^[1-9][0-9]{0,3}[mhd]$',
  errorMessage: "is how long, in minutes, hours or days, such as '30d'",
} as const
