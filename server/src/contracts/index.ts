/** What an app tells of itself: types, OpenAPI documents, collections for Postman. Pure functions of its models. */

export { type Contracts, createContracts } from './create-contracts.ts'
export type { ContractSource } from './source.ts'
