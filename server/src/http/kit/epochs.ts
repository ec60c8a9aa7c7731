/** The requests that began between two moments. */
export interface Epoch {
  open: number
}

/** Tells when all requests of a moment are over, at the price of one counter for each (a grace period, as in RCU). */
export interface Epochs {
  enter(): Epoch
  leave(epoch: Epoch): void
  /** Resolves when every request that has begun until now has ended. */
  passed(): Promise<void>
}

export function createEpochs(): Epochs {
  let present: Epoch = { open: 0 }
  /** Those before, oldest first, each with who waits for it. */
  const past: { readonly epoch: Epoch; readonly resolve: () => void }[] = []

  const settle = (): void => {
    while (past[0]?.epoch.open === 0) past.shift()?.resolve()
  }
  return {
    enter() {
      present.open++
      return present
    },
    leave(epoch) {
      epoch.open--
      if (epoch !== present) settle()
    },
    passed() {
      const epoch = present
      present = { open: 0 }
      return new Promise((resolve) => {
        past.push({ epoch, resolve })
        settle()
      })
    },
  }
}
