// The types of the app `inventory`, version 1. Digest: 9ad03db564892e35
// Made by `roadbase types inventory`; what is changed here is gone the next time.

/**
 * Inventory
 * Goods in warehouses. Nothing appears from nowhere: each movement is a set of entries that add up to zero for every product, from a supplier, to a customer, between warehouses, and entries are never changed. What lies where is a level of its own, kept in the same batch, that can't fall below zero, whoever takes the last piece at the same time. What has to be ordered again, what the stock is worth (first in, first out) and whether levels and entries agree are views. Purchase orders have numbers without gaps and go from draft to received. Shows `ledger`, `appendOnly`, `sequence`, `computed`, `history`, checks, states, batches, upserts, aggregates, and views.
 */
export interface Inventory {
  readonly collections: {
    readonly users: {
      readonly record: UsersRecord
      readonly create: UsersCreate
      readonly update: UsersUpdate
      readonly operators: object
      readonly filter: UsersFilter
      readonly sort: 'id' | 'email' | 'suspended' | 'name' | 'createdAt' | 'updatedAt' | 'version'
    }
    readonly products: {
      readonly record: ProductsRecord
      readonly create: ProductsCreate
      readonly update: ProductsUpdate
      readonly history: true
      readonly expand: ProductsExpand
      readonly relations: {
        readonly levels: Inventory['collections']['levels']
        readonly stock: Inventory['collections']['stock']
      }
      readonly operators: {
        readonly cost: '$inc' | '$min' | '$max'
        readonly reorderAt: '$inc' | '$min' | '$max'
      }
      readonly filter: ProductsFilter
      readonly sort: 'id' | 'sku' | 'name' | 'cost' | 'reorderAt' | 'createdAt' | 'updatedAt' | 'version'
    }
    /** Warehouses, and where goods come from and go to. */
    readonly places: {
      readonly record: PlacesRecord
      readonly create: PlacesCreate
      readonly update: PlacesUpdate
      readonly expand: PlacesExpand
      readonly relations: {
        readonly levels: Inventory['collections']['levels']
      }
      readonly operators: object
      readonly filter: PlacesFilter
      readonly sort: 'id' | 'code' | 'kind' | 'name' | 'createdAt' | 'updatedAt' | 'version'
    }
    /** Why goods were moved, by whom. What was moved are its entries. */
    readonly movements: {
      readonly record: MovementsRecord
      readonly create: MovementsCreate
      readonly update: MovementsUpdate
      readonly appendOnly: true
      readonly expand: MovementsExpand
      readonly relations: {
        readonly keeper: Inventory['collections']['users']
        readonly purchase: Inventory['collections']['purchases']
        readonly entries: Inventory['collections']['entries']
      }
      readonly operators: object
      readonly filter: MovementsFilter
      readonly sort: 'id' | 'number' | 'reason' | 'keeper' | 'purchase' | 'note' | 'createdAt' | 'updatedAt' | 'version'
    }
    /** So many pieces to a place, or from it. Those of a movement add up to zero for each product. */
    readonly entries: {
      readonly record: EntriesRecord
      readonly create: EntriesCreate
      readonly update: EntriesUpdate
      readonly appendOnly: true
      readonly expand: EntriesExpand
      readonly relations: {
        readonly movement: Inventory['collections']['movements']
        readonly product: Inventory['collections']['products']
        readonly place: Inventory['collections']['places']
      }
      readonly operators: object
      readonly filter: EntriesFilter
      readonly sort:
        | 'id'
        | 'movement'
        | 'product'
        | 'place'
        | 'quantity'
        | 'cost'
        | 'createdAt'
        | 'updatedAt'
        | 'version'
    }
    /** What lies in a warehouse. */
    readonly levels: {
      readonly record: LevelsRecord
      readonly create: LevelsCreate
      readonly update: LevelsUpdate
      readonly expand: LevelsExpand
      readonly relations: {
        readonly place: Inventory['collections']['places']
        readonly product: Inventory['collections']['products']
      }
      readonly operators: {
        readonly quantity: '$inc' | '$min' | '$max'
      }
      readonly filter: LevelsFilter
      readonly sort: 'id' | 'place' | 'product' | 'quantity' | 'createdAt' | 'updatedAt' | 'version'
    }
    /** Each product over all warehouses, and what all of it is worth when what came first is sold first. */
    readonly stock: {
      readonly record: StockRecord
      readonly create: never
      readonly update: never
      readonly view: true
      readonly expand: StockExpand
      readonly relations: {
        readonly product: Inventory['collections']['products']
      }
      readonly operators: object
      readonly filter: StockFilter
      readonly sort: 'id' | 'product' | 'pieces' | 'worth'
    }
    /** Where there is less of a product than there should be, by how much, and how much of it is on its way. */
    readonly shortages: {
      readonly record: ShortagesRecord
      readonly create: never
      readonly update: never
      readonly view: true
      readonly expand: ShortagesExpand
      readonly relations: {
        readonly place: Inventory['collections']['places']
        readonly product: Inventory['collections']['products']
      }
      readonly operators: object
      readonly filter: ShortagesFilter
      readonly sort: 'id' | 'place' | 'product' | 'quantity' | 'missing' | 'ordered'
    }
    /** Where a level is another than its entries say. Empty, as long as both are written in one batch; a count puts it right. */
    readonly discrepancies: {
      readonly record: DiscrepanciesRecord
      readonly create: never
      readonly update: never
      readonly view: true
      readonly expand: DiscrepanciesExpand
      readonly relations: {
        readonly place: Inventory['collections']['places']
        readonly product: Inventory['collections']['products']
      }
      readonly operators: object
      readonly filter: DiscrepanciesFilter
      readonly sort: 'id' | 'place' | 'product' | 'level' | 'entered'
    }
    readonly purchases: {
      readonly record: PurchasesRecord
      readonly create: PurchasesCreate
      readonly update: PurchasesUpdate
      readonly expand: PurchasesExpand
      readonly relations: {
        readonly supplier: Inventory['collections']['places']
        readonly buyer: Inventory['collections']['users']
        readonly deliveries: Inventory['collections']['movements']
        readonly lines: Inventory['collections']['lines']
      }
      readonly operators: object
      readonly filter: PurchasesFilter
      readonly sort:
        | 'id'
        | 'number'
        | 'supplier'
        | 'buyer'
        | 'state'
        | 'orderedAt'
        | 'createdAt'
        | 'updatedAt'
        | 'version'
      readonly transitions: 'order' | 'receive' | 'cancel'
    }
    /** What a purchase orders. It is settled once it is ordered. */
    readonly lines: {
      readonly record: LinesRecord
      readonly create: LinesCreate
      readonly update: LinesUpdate
      readonly expand: LinesExpand
      readonly relations: {
        readonly purchase: Inventory['collections']['purchases']
        readonly product: Inventory['collections']['products']
      }
      readonly operators: {
        readonly quantity: '$inc' | '$min' | '$max'
        readonly price: '$inc' | '$min' | '$max'
      }
      readonly filter: LinesFilter
      readonly sort:
        | 'id'
        | 'purchase'
        | 'product'
        | 'quantity'
        | 'price'
        | 'total'
        | 'createdAt'
        | 'updatedAt'
        | 'version'
    }
  }
  readonly roles: InventoryRole
  readonly errors: InventoryError
  /** What each set of `seed.yaml` makes, by name. */
  readonly seeds: {
    readonly default: {
      readonly keeper: UsersRecord
      readonly buyer: UsersRecord
      readonly auditor: UsersRecord
      readonly north: PlacesRecord
      readonly south: PlacesRecord
      readonly acme: PlacesRecord
      readonly shop: PlacesRecord
      readonly bolt: ProductsRecord
      readonly nut: ProductsRecord
      readonly boltNorth: LevelsRecord
      readonly boltSouth: LevelsRecord
      readonly nutNorth: LevelsRecord
    }
    readonly busy: {
      readonly keeper: UsersRecord
      readonly buyer: UsersRecord
      readonly auditor: UsersRecord
      readonly north: PlacesRecord
      readonly south: PlacesRecord
      readonly acme: PlacesRecord
      readonly shop: PlacesRecord
      readonly bolt: ProductsRecord
      readonly nut: ProductsRecord
      readonly boltNorth: LevelsRecord
      readonly boltSouth: LevelsRecord
      readonly nutNorth: LevelsRecord
      readonly washer: ProductsRecord
      readonly first: MovementsRecord
      readonly second: MovementsRecord
      readonly across: MovementsRecord
      readonly sold: MovementsRecord
      readonly moved: readonly EntriesRecord[]
      readonly washerNorth: LevelsRecord
      readonly washerSouth: LevelsRecord
      readonly order: PurchasesRecord
      readonly ordered: LinesRecord
    }
  }
}

/** What an administrator can make of a user. */
export type InventoryRole = 'keeper' | 'buyer' | 'auditor'

/** What requests of this app can fail with. */
export type InventoryError =
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
  | 'nothing_delivered'
  | 'nothing_ordered'

/** A record of `users`. */
export interface UsersRecord {
  readonly id: string
  readonly email: string
  readonly roles: readonly InventoryRole[]
  readonly suspended: boolean
  readonly name: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What a sign-up takes, beside the password. */
export interface UsersCreate {
  readonly email: string
  readonly name: string
}

/** What changes a record of `users`; null takes a value away. */
export interface UsersUpdate {
  readonly name?: string
}

/** What filters of `users` may name. */
export interface UsersFilter {
  readonly id: string
  readonly email: string
  readonly roles: readonly InventoryRole[]
  readonly suspended: boolean
  readonly name: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** A record of `products`. */
export interface ProductsRecord {
  readonly id: string
  readonly sku: string
  readonly name: string
  /**
   * What a piece is worth of which no delivery tells it.
   * A decimal with 2 digits after the point, as text so that no digit is lost.
   */
  readonly cost: string | null
  /** How many there should be at least in a warehouse. */
  readonly reorderAt: number | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `products`. */
export interface ProductsCreate {
  readonly sku: string
  readonly name: string
  /**
   * What a piece is worth of which no delivery tells it.
   * A decimal with 2 digits after the point, as text so that no digit is lost.
   * Default: "0.00"
   */
  readonly cost?: string | null
  /**
   * How many there should be at least in a warehouse.
   * Default: 0
   */
  readonly reorderAt?: number | null
}

/** What changes a record of `products`; null takes a value away. */
export interface ProductsUpdate {
  /** Set once: a value that is there can not be changed. */
  readonly sku?: string
  readonly name?: string
  /**
   * What a piece is worth of which no delivery tells it.
   * A decimal with 2 digits after the point, as text so that no digit is lost.
   */
  readonly cost?: string | null
  /** How many there should be at least in a warehouse. */
  readonly reorderAt?: number | null
}

/** What `expand` brings to a record of `products`. */
export interface ProductsExpand {
  readonly levels: readonly LevelsRecord[]
  readonly stock: readonly StockRecord[]
}

/** What filters of `products` may name. */
export interface ProductsFilter {
  readonly id: string
  readonly sku: string
  readonly name: string
  readonly cost: string
  readonly reorderAt: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
  readonly levels: readonly LevelsRecord[]
  readonly stock: readonly StockRecord[]
}

/** Warehouses, and where goods come from and go to. */
export interface PlacesRecord {
  readonly id: string
  readonly code: string
  readonly kind: 'warehouse' | 'supplier' | 'customer' | 'loss'
  readonly name: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `places`. */
export interface PlacesCreate {
  readonly code: string
  readonly kind: 'warehouse' | 'supplier' | 'customer' | 'loss'
  readonly name?: string | null
}

/** What changes a record of `places`; null takes a value away. */
export interface PlacesUpdate {
  /** Set once: a value that is there can not be changed. */
  readonly code?: string
  /** Set once: a value that is there can not be changed. */
  readonly kind?: 'warehouse' | 'supplier' | 'customer' | 'loss'
  readonly name?: string | null
}

/** What `expand` brings to a record of `places`. */
export interface PlacesExpand {
  readonly levels: readonly LevelsRecord[]
}

/** What filters of `places` may name. */
export interface PlacesFilter {
  readonly id: string
  readonly code: string
  readonly kind: 'warehouse' | 'supplier' | 'customer' | 'loss'
  readonly name: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
  readonly levels: readonly LevelsRecord[]
}

/** Why goods were moved, by whom. What was moved are its entries. */
export interface MovementsRecord {
  readonly id: string
  readonly number: string
  readonly reason: 'purchase' | 'sale' | 'transfer' | 'count'
  /** The id of a record of `users`. */
  readonly keeper: string | null
  /** The id of a record of `purchases`. */
  readonly purchase: string | null
  readonly note: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `movements`. */
export interface MovementsCreate {
  readonly reason: 'purchase' | 'sale' | 'transfer' | 'count'
  /** The id of a record of `purchases`. */
  readonly purchase?: string | null
  readonly note?: string | null
}

/** Nothing changes a record of `movements`. */
export type MovementsUpdate = { readonly [field: string]: never }

/** What `expand` brings to a record of `movements`. */
export interface MovementsExpand {
  readonly keeper: UsersRecord
  readonly purchase: PurchasesRecord
  readonly entries: readonly EntriesRecord[]
}

/** What filters of `movements` may name. */
export interface MovementsFilter {
  readonly id: string
  readonly number: string
  readonly reason: 'purchase' | 'sale' | 'transfer' | 'count'
  readonly keeper: UsersFilter
  readonly purchase: PurchasesFilter
  readonly note: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
  readonly entries: readonly EntriesRecord[]
}

/** So many pieces to a place, or from it. Those of a movement add up to zero for each product. */
export interface EntriesRecord {
  readonly id: string
  /** The id of a record of `movements`. */
  readonly movement: string
  /** The id of a record of `products`. */
  readonly product: string
  /** The id of a record of `places`. */
  readonly place: string
  readonly quantity: number
  /**
   * What each of the pieces that arrive has cost.
   * A decimal with 4 digits after the point, as text so that no digit is lost.
   */
  readonly cost: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `entries`. */
export interface EntriesCreate {
  /** The id of a record of `movements`. */
  readonly movement: string
  /** The id of a record of `products`. */
  readonly product: string
  /** The id of a record of `places`. */
  readonly place: string
  readonly quantity: number
  /**
   * What each of the pieces that arrive has cost.
   * A decimal with 4 digits after the point, as text so that no digit is lost.
   */
  readonly cost?: string | null
}

/** Nothing changes a record of `entries`. */
export type EntriesUpdate = { readonly [field: string]: never }

/** What `expand` brings to a record of `entries`. */
export interface EntriesExpand {
  readonly movement: MovementsRecord
  readonly product: ProductsRecord
  readonly place: PlacesRecord
}

/** What filters of `entries` may name. */
export interface EntriesFilter {
  readonly id: string
  readonly movement: MovementsFilter
  readonly product: ProductsFilter
  readonly place: PlacesFilter
  readonly quantity: number
  readonly cost: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What lies in a warehouse. */
export interface LevelsRecord {
  readonly id: string
  /** The id of a record of `places`. */
  readonly place: string
  /** The id of a record of `products`. */
  readonly product: string
  readonly quantity: number | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `levels`. */
export interface LevelsCreate {
  /** The id of a record of `places`. */
  readonly place: string
  /** The id of a record of `products`. */
  readonly product: string
  /** Default: 0 */
  readonly quantity?: number | null
}

/** What changes a record of `levels`; null takes a value away. */
export interface LevelsUpdate {
  /**
   * The id of a record of `places`.
   * Set once: a value that is there can not be changed.
   */
  readonly place?: string
  /**
   * The id of a record of `products`.
   * Set once: a value that is there can not be changed.
   */
  readonly product?: string
  readonly quantity?: number | null
}

/** What `expand` brings to a record of `levels`. */
export interface LevelsExpand {
  readonly place: PlacesRecord
  readonly product: ProductsRecord
}

/** What filters of `levels` may name. */
export interface LevelsFilter {
  readonly id: string
  readonly place: PlacesFilter
  readonly product: ProductsFilter
  readonly quantity: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** Each product over all warehouses, and what all of it is worth when what came first is sold first. */
export interface StockRecord {
  readonly id: string
  /** The id of a record of `products`. */
  readonly product: string
  readonly pieces: number
  readonly worth: string
}

/** What `expand` brings to a record of `stock`. */
export interface StockExpand {
  readonly product: ProductsRecord
}

/** What filters of `stock` may name. */
export interface StockFilter {
  readonly id: string
  readonly product: ProductsFilter
  readonly pieces: number
  readonly worth: string
}

/** Where there is less of a product than there should be, by how much, and how much of it is on its way. */
export interface ShortagesRecord {
  readonly id: string
  /** The id of a record of `places`. */
  readonly place: string
  /** The id of a record of `products`. */
  readonly product: string
  readonly quantity: number
  readonly missing: number
  readonly ordered: number
}

/** What `expand` brings to a record of `shortages`. */
export interface ShortagesExpand {
  readonly place: PlacesRecord
  readonly product: ProductsRecord
}

/** What filters of `shortages` may name. */
export interface ShortagesFilter {
  readonly id: string
  readonly place: PlacesFilter
  readonly product: ProductsFilter
  readonly quantity: number
  readonly missing: number
  readonly ordered: number
}

/** Where a level is another than its entries say. Empty, as long as both are written in one batch; a count puts it right. */
export interface DiscrepanciesRecord {
  readonly id: string
  /** The id of a record of `places`. */
  readonly place: string
  /** The id of a record of `products`. */
  readonly product: string
  readonly level: number
  readonly entered: number
}

/** What `expand` brings to a record of `discrepancies`. */
export interface DiscrepanciesExpand {
  readonly place: PlacesRecord
  readonly product: ProductsRecord
}

/** What filters of `discrepancies` may name. */
export interface DiscrepanciesFilter {
  readonly id: string
  readonly place: PlacesFilter
  readonly product: ProductsFilter
  readonly level: number
  readonly entered: number
}

/** A record of `purchases`. */
export interface PurchasesRecord {
  readonly id: string
  readonly number: string
  /** The id of a record of `places`. */
  readonly supplier: string
  /** The id of a record of `users`. */
  readonly buyer: string | null
  /** Changed by transitions. */
  readonly state: 'draft' | 'ordered' | 'received' | 'cancelled'
  /** A date and time in UTC, `2026-02-28T09:30:00.000Z`. */
  readonly orderedAt: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `purchases`. */
export interface PurchasesCreate {
  /** The id of a record of `places`. */
  readonly supplier: string
}

/** What changes a record of `purchases`; null takes a value away. */
export interface PurchasesUpdate {
  /**
   * The id of a record of `places`.
   * Set once: a value that is there can not be changed.
   */
  readonly supplier?: string
}

/** What `expand` brings to a record of `purchases`. */
export interface PurchasesExpand {
  readonly supplier: PlacesRecord
  readonly buyer: UsersRecord
  readonly deliveries: readonly MovementsRecord[]
  readonly lines: readonly LinesRecord[]
}

/** What filters of `purchases` may name. */
export interface PurchasesFilter {
  readonly id: string
  readonly number: string
  readonly supplier: PlacesFilter
  readonly buyer: UsersFilter
  readonly state: 'draft' | 'ordered' | 'received' | 'cancelled'
  readonly orderedAt: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
  readonly deliveries: readonly MovementsRecord[]
  readonly lines: readonly LinesRecord[]
}

/** What a purchase orders. It is settled once it is ordered. */
export interface LinesRecord {
  readonly id: string
  /** The id of a record of `purchases`. */
  readonly purchase: string
  /** The id of a record of `products`. */
  readonly product: string
  readonly quantity: number
  /** A decimal with 2 digits after the point, as text so that no digit is lost. */
  readonly price: string
  /**
   * A decimal with 2 digits after the point, as text so that no digit is lost.
   * Computed from the other fields.
   */
  readonly total: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `lines`. */
export interface LinesCreate {
  /** The id of a record of `purchases`. */
  readonly purchase: string
  /** The id of a record of `products`. */
  readonly product: string
  readonly quantity: number
  /** A decimal with 2 digits after the point, as text so that no digit is lost. */
  readonly price: string
}

/** What changes a record of `lines`; null takes a value away. */
export interface LinesUpdate {
  /**
   * The id of a record of `purchases`.
   * Set once: a value that is there can not be changed.
   */
  readonly purchase?: string
  /**
   * The id of a record of `products`.
   * Set once: a value that is there can not be changed.
   */
  readonly product?: string
  readonly quantity?: number
  /** A decimal with 2 digits after the point, as text so that no digit is lost. */
  readonly price?: string
}

/** What `expand` brings to a record of `lines`. */
export interface LinesExpand {
  readonly purchase: PurchasesRecord
  readonly product: ProductsRecord
}

/** What filters of `lines` may name. */
export interface LinesFilter {
  readonly id: string
  readonly purchase: PurchasesFilter
  readonly product: ProductsFilter
  readonly quantity: number
  readonly price: string
  readonly total: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}
