// The types of the app `booking`, version 1. Digest: 081247ba669a50a3
// Made by `roadbase types booking`; what is changed here is gone the next time.

/**
 * Hotel booking
 * Rooms by the night. A booking begins as a hold for fifteen minutes; its guest confirms it or lets it go, and the hotel checks guests in and out. A hold that nobody confirms vanishes when its time has come, and its nights are free that instant. No night of a room is ever booked twice, whoever asks at the same time: the database refuses it, not a check before. Prices follow the season, no two seasons of a room type overlap, and a season in which somebody has booked keeps its price, so a bill is what it was. What comes back to whom cancels depends on how many days are left. Everybody sees which rooms are free, and nobody whose the others are. Shows `exclude`, `expires`, `states` with their own errors, computed fields over dates, and views that others filter by.
 */
export interface Booking {
  readonly collections: {
    readonly users: {
      readonly record: UsersRecord
      readonly create: UsersCreate
      readonly update: UsersUpdate
      readonly operators: object
      readonly filter: UsersFilter
      readonly sort: 'id' | 'email' | 'suspended' | 'name' | 'phone' | 'createdAt' | 'updatedAt' | 'version'
    }
    readonly roomTypes: {
      readonly record: RoomTypesRecord
      readonly create: RoomTypesCreate
      readonly update: RoomTypesUpdate
      readonly expand: RoomTypesExpand
      readonly relations: {
        readonly rooms: Booking['collections']['rooms']
        readonly seasons: Booking['collections']['seasons']
        readonly onSale: Booking['collections']['onSale']
      }
      readonly operators: {
        readonly beds: '$inc' | '$min' | '$max'
      }
      readonly filter: RoomTypesFilter
      readonly sort: 'id' | 'name' | 'about' | 'beds' | 'createdAt' | 'updatedAt' | 'version'
    }
    readonly rooms: {
      readonly record: RoomsRecord
      readonly create: RoomsCreate
      readonly update: RoomsUpdate
      readonly expand: RoomsExpand
      readonly relations: {
        readonly kind: Booking['collections']['roomTypes']
        readonly bookings: Booking['collections']['bookings']
        readonly taken: Booking['collections']['taken']
      }
      readonly operators: {
        readonly floor: '$inc' | '$min' | '$max'
      }
      readonly filter: RoomsFilter
      readonly sort: 'id' | 'number' | 'kind' | 'floor' | 'createdAt' | 'updatedAt' | 'version'
    }
    /** What a night costs in a room of this kind, from a day on until another, which belongs to the next season. */
    readonly seasons: {
      readonly record: SeasonsRecord
      readonly create: SeasonsCreate
      readonly update: SeasonsUpdate
      readonly expand: SeasonsExpand
      readonly relations: {
        readonly kind: Booking['collections']['roomTypes']
      }
      readonly operators: {
        readonly begins: '$min' | '$max'
        readonly ends: '$min' | '$max'
        readonly night: '$inc' | '$min' | '$max'
      }
      readonly filter: SeasonsFilter
      readonly sort: 'id' | 'kind' | 'name' | 'begins' | 'ends' | 'night' | 'createdAt' | 'updatedAt' | 'version'
    }
    /** From when to when the nights of a room type have a price without a gap, over one season or several. Other nights can't be booked. */
    readonly onSale: {
      readonly record: OnSaleRecord
      readonly create: never
      readonly update: never
      readonly view: true
      readonly expand: OnSaleExpand
      readonly relations: {
        readonly kind: Booking['collections']['roomTypes']
      }
      readonly operators: object
      readonly filter: OnSaleFilter
      readonly sort: 'id' | 'kind' | 'begins' | 'ends'
    }
    /** The nights from the arrival to the departure, whose night belongs to the next guest. */
    readonly bookings: {
      readonly record: BookingsRecord
      readonly create: BookingsCreate
      readonly update: BookingsUpdate
      readonly expand: BookingsExpand
      readonly relations: {
        readonly room: Booking['collections']['rooms']
        readonly guest: Booking['collections']['users']
        readonly bills: Booking['collections']['bills']
      }
      readonly operators: {
        readonly arrival: '$min' | '$max'
        readonly departure: '$min' | '$max'
        readonly guests: '$inc' | '$min' | '$max'
      }
      readonly filter: BookingsFilter
      readonly sort:
        | 'id'
        | 'room'
        | 'guest'
        | 'arrival'
        | 'departure'
        | 'nights'
        | 'guests'
        | 'note'
        | 'state'
        | 'heldUntil'
        | 'refundable'
        | 'refund'
        | 'createdAt'
        | 'updatedAt'
        | 'version'
      readonly transitions: 'confirm' | 'cancel' | 'checkIn' | 'checkOut'
    }
    /** Which nights of a room are gone, and nothing about who has them. A room is free when none of these overlaps: `rooms?filter=!taken.exists(t, t.arrival < date('2027-05-03') && date('2027-05-01') < t.departure)`. */
    readonly taken: {
      readonly record: TakenRecord
      readonly create: never
      readonly update: never
      readonly view: true
      readonly expand: TakenExpand
      readonly relations: {
        readonly room: Booking['collections']['rooms']
      }
      readonly operators: object
      readonly filter: TakenFilter
      readonly sort: 'id' | 'room' | 'arrival' | 'departure'
    }
    /** What a stay costs, each night at the price of its season, and how much of it comes back to whom cancelled. */
    readonly bills: {
      readonly record: BillsRecord
      readonly create: never
      readonly update: never
      readonly view: true
      readonly expand: BillsExpand
      readonly relations: {
        readonly booking: Booking['collections']['bookings']
        readonly guest: Booking['collections']['users']
      }
      readonly operators: object
      readonly filter: BillsFilter
      readonly sort: 'id' | 'booking' | 'guest' | 'nights' | 'total' | 'refund'
    }
  }
  readonly roles: BookingRole
  readonly errors: BookingError
  /** What each set of `seed.yaml` makes, by name. */
  readonly seeds: {
    readonly default: {
      readonly manager: UsersRecord
      readonly guest: UsersRecord
      readonly single: RoomTypesRecord
      readonly double: RoomTypesRecord
      readonly r11: RoomsRecord
      readonly r12: RoomsRecord
      readonly r21: RoomsRecord
      readonly seasons: readonly SeasonsRecord[]
    }
    readonly busy: {
      readonly manager: UsersRecord
      readonly guest: UsersRecord
      readonly single: RoomTypesRecord
      readonly double: RoomTypesRecord
      readonly r11: RoomsRecord
      readonly r12: RoomsRecord
      readonly r21: RoomsRecord
      readonly seasons: readonly SeasonsRecord[]
      readonly grace: UsersRecord
      readonly stays: readonly BookingsRecord[]
    }
  }
}

/** What an administrator can make of a user. */
export type BookingRole = 'manager'

/** What requests of this app can fail with. */
export type BookingError =
  | 'malformed_request'
  | 'malformed_json'
  | 'unknown_parameter'
  | 'invalid_parameter'
  | 'unknown_field'
  | 'invalid_filter'
  | 'invalid_sort'
  | 'invalid_cursor'
  | 'query_too_costly'
  | 'unauthenticated'
  | 'invalid_token'
  | 'invalid_credentials'
  | 'invalid_refresh_token'
  | 'forbidden'
  | 'insufficient_scope'
  | 'append_only'
  | 'signup_closed'
  | 'account_suspended'
  | 'invalid_reset_link'
  | 'not_found'
  | 'request_timeout'
  | 'conflict'
  | 'patch_failed'
  | 'unique_violation'
  | 'overlap'
  | 'reference_restricted'
  | 'wrong_state'
  | 'transition_refused'
  | 'idempotency_conflict'
  | 'version_mismatch'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'headers_too_large'
  | 'validation_failed'
  | 'check_violation'
  | 'ledger_unbalanced'
  | 'reference_not_found'
  | 'immutable_field'
  | 'rate_limited'
  | 'internal'
  | 'unavailable'
  | 'database_unavailable'
  | 'overloaded'
  | 'too_early'
  | 'too_late'

/** A record of `users`. */
export interface UsersRecord {
  readonly id: string
  readonly email: string
  readonly roles: readonly BookingRole[]
  readonly suspended: boolean
  readonly name: string
  readonly phone: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What a sign-up takes, beside the password. */
export interface UsersCreate {
  readonly email: string
  readonly name: string
  readonly phone?: string | null
}

/** What changes a record of `users`; null takes a value away. */
export interface UsersUpdate {
  readonly name?: string
  readonly phone?: string | null
}

/** What filters of `users` may name. */
export interface UsersFilter {
  readonly id: string
  readonly email: string
  readonly roles: readonly BookingRole[]
  readonly suspended: boolean
  readonly name: string
  readonly phone: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** A record of `roomTypes`. */
export interface RoomTypesRecord {
  readonly id: string
  readonly name: string
  readonly about: string | null
  readonly beds: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `roomTypes`. */
export interface RoomTypesCreate {
  readonly name: string
  readonly about?: string | null
  readonly beds: number
}

/** What changes a record of `roomTypes`; null takes a value away. */
export interface RoomTypesUpdate {
  readonly name?: string
  readonly about?: string | null
  readonly beds?: number
}

/** What `expand` brings to a record of `roomTypes`. */
export interface RoomTypesExpand {
  readonly rooms: readonly RoomsRecord[]
  readonly seasons: readonly SeasonsRecord[]
  readonly onSale: readonly OnSaleRecord[]
}

/** What filters of `roomTypes` may name. */
export interface RoomTypesFilter {
  readonly id: string
  readonly name: string
  readonly about: string
  readonly beds: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
  readonly rooms: readonly RoomsRecord[]
  readonly seasons: readonly SeasonsRecord[]
  readonly onSale: readonly OnSaleRecord[]
}

/** A record of `rooms`. */
export interface RoomsRecord {
  readonly id: string
  readonly number: string
  /** The id of a record of `roomTypes`. */
  readonly kind: string
  readonly floor: number | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `rooms`. */
export interface RoomsCreate {
  readonly number: string
  /** The id of a record of `roomTypes`. */
  readonly kind: string
  readonly floor?: number | null
}

/** What changes a record of `rooms`; null takes a value away. */
export interface RoomsUpdate {
  readonly number?: string
  /**
   * The id of a record of `roomTypes`.
   * Set once: a value that is there can not be changed.
   */
  readonly kind?: string
  readonly floor?: number | null
}

/** What `expand` brings to a record of `rooms`. */
export interface RoomsExpand {
  readonly kind: RoomTypesRecord
  readonly bookings: readonly BookingsRecord[]
  readonly taken: readonly TakenRecord[]
}

/** What filters of `rooms` may name. */
export interface RoomsFilter {
  readonly id: string
  readonly number: string
  readonly kind: RoomTypesFilter
  readonly floor: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
  readonly bookings: readonly BookingsRecord[]
  readonly taken: readonly TakenRecord[]
}

/** What a night costs in a room of this kind, from a day on until another, which belongs to the next season. */
export interface SeasonsRecord {
  readonly id: string
  /** The id of a record of `roomTypes`. */
  readonly kind: string
  readonly name: string | null
  /** A date, `2026-02-28`. */
  readonly begins: string
  /** A date, `2026-02-28`. */
  readonly ends: string
  /** A decimal with 2 digits after the point, as text so that no digit is lost. */
  readonly night: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `seasons`. */
export interface SeasonsCreate {
  /** The id of a record of `roomTypes`. */
  readonly kind: string
  readonly name?: string | null
  /** A date, `2026-02-28`. */
  readonly begins: string
  /** A date, `2026-02-28`. */
  readonly ends: string
  /** A decimal with 2 digits after the point, as text so that no digit is lost. */
  readonly night: string
}

/** What changes a record of `seasons`; null takes a value away. */
export interface SeasonsUpdate {
  /** The id of a record of `roomTypes`. */
  readonly kind?: string
  readonly name?: string | null
  /** A date, `2026-02-28`. */
  readonly begins?: string
  /** A date, `2026-02-28`. */
  readonly ends?: string
  /** A decimal with 2 digits after the point, as text so that no digit is lost. */
  readonly night?: string
}

/** What `expand` brings to a record of `seasons`. */
export interface SeasonsExpand {
  readonly kind: RoomTypesRecord
}

/** What filters of `seasons` may name. */
export interface SeasonsFilter {
  readonly id: string
  readonly kind: RoomTypesFilter
  readonly name: string
  readonly begins: string
  readonly ends: string
  readonly night: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** From when to when the nights of a room type have a price without a gap, over one season or several. Other nights can't be booked. */
export interface OnSaleRecord {
  readonly id: string
  /** The id of a record of `roomTypes`. */
  readonly kind: string
  readonly begins: string
  readonly ends: string
}

/** What `expand` brings to a record of `onSale`. */
export interface OnSaleExpand {
  readonly kind: RoomTypesRecord
}

/** What filters of `onSale` may name. */
export interface OnSaleFilter {
  readonly id: string
  readonly kind: RoomTypesFilter
  readonly begins: string
  readonly ends: string
}

/** The nights from the arrival to the departure, whose night belongs to the next guest. */
export interface BookingsRecord {
  readonly id: string
  /** The id of a record of `rooms`. */
  readonly room: string
  /** The id of a record of `users`. */
  readonly guest: string
  /** A date, `2026-02-28`. */
  readonly arrival: string
  /** A date, `2026-02-28`. */
  readonly departure: string
  /** Computed from the other fields. */
  readonly nights: number | null
  readonly guests: number | null
  readonly note: string | null
  /** Changed by transitions. */
  readonly state: 'held' | 'confirmed' | 'arrived' | 'departed' | 'cancelled'
  /**
   * The record vanishes when this time has come.
   * A date and time in UTC, `2026-02-28T09:30:00.000Z`.
   */
  readonly heldUntil: string | null
  /**
   * Percent of the price that would come back if it was cancelled now.
   * Computed when it is read.
   */
  readonly refundable: number | null
  /** Percent of the price that came back. */
  readonly refund: number | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `bookings`. */
export interface BookingsCreate {
  /** The id of a record of `rooms`. */
  readonly room: string
  /** A date, `2026-02-28`. */
  readonly arrival: string
  /** A date, `2026-02-28`. */
  readonly departure: string
  /** Default: 1 */
  readonly guests?: number | null
  readonly note?: string | null
}

/** What changes a record of `bookings`; null takes a value away. */
export interface BookingsUpdate {
  /**
   * The id of a record of `rooms`.
   * Set once: a value that is there can not be changed.
   */
  readonly room?: string
  /**
   * A date, `2026-02-28`.
   * Set once: a value that is there can not be changed.
   */
  readonly arrival?: string
  /**
   * A date, `2026-02-28`.
   * Set once: a value that is there can not be changed.
   */
  readonly departure?: string
  readonly guests?: number | null
  readonly note?: string | null
}

/** What `expand` brings to a record of `bookings`. */
export interface BookingsExpand {
  readonly room: RoomsRecord
  readonly guest: UsersRecord
  readonly bills: readonly BillsRecord[]
}

/** What filters of `bookings` may name. */
export interface BookingsFilter {
  readonly id: string
  readonly room: RoomsFilter
  readonly guest: UsersFilter
  readonly arrival: string
  readonly departure: string
  readonly nights: number
  readonly guests: number
  readonly note: string
  readonly state: 'held' | 'confirmed' | 'arrived' | 'departed' | 'cancelled'
  readonly heldUntil: string
  readonly refundable: number
  readonly refund: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
  readonly bills: readonly BillsRecord[]
}

/** Which nights of a room are gone, and nothing about who has them. A room is free when none of these overlaps: `rooms?filter=!taken.exists(t, t.arrival < date('2027-05-03') && date('2027-05-01') < t.departure)`. */
export interface TakenRecord {
  readonly id: string
  /** The id of a record of `rooms`. */
  readonly room: string
  readonly arrival: string
  readonly departure: string
}

/** What `expand` brings to a record of `taken`. */
export interface TakenExpand {
  readonly room: RoomsRecord
}

/** What filters of `taken` may name. */
export interface TakenFilter {
  readonly id: string
  readonly room: RoomsFilter
  readonly arrival: string
  readonly departure: string
}

/** What a stay costs, each night at the price of its season, and how much of it comes back to whom cancelled. */
export interface BillsRecord {
  readonly id: string
  /** The id of a record of `bookings`. */
  readonly booking: string
  /** The id of a record of `users`. */
  readonly guest: string | null
  readonly nights: number | null
  readonly total: string
  readonly refund: string
}

/** What `expand` brings to a record of `bills`. */
export interface BillsExpand {
  readonly booking: BookingsRecord
  readonly guest: UsersRecord
}

/** What filters of `bills` may name. */
export interface BillsFilter {
  readonly id: string
  readonly booking: BookingsFilter
  readonly guest: UsersFilter
  readonly nights: number
  readonly total: string
  readonly refund: string
}
