import { getJwks } from './accounts/get-jwks.ts'
import { getMe } from './accounts/get-me.ts'
import { logIn } from './accounts/log-in.ts'
import { logOut } from './accounts/log-out.ts'
import { refreshSession } from './accounts/refresh-session.ts'
import { resetPassword } from './accounts/reset-password.ts'
import { signUp } from './accounts/sign-up.ts'
import { updateMe } from './accounts/update-me.ts'
import { acrossVersions } from './across-versions.ts'
import { getDocs } from './contracts/get-docs.ts'
import { getOpenApi } from './contracts/get-openapi.ts'
import { getTypes } from './contracts/get-types.ts'
import type { Ports } from './ports.ts'
import { aggregateRecords } from './records/aggregate-records.ts'
import { deleteMatching, updateMatching } from './records/change-matching.ts'
import { createRecord } from './records/create-record.ts'
import { deleteRecord } from './records/delete-record.ts'
import { distinctValues } from './records/distinct-values.ts'
import { exportRecords } from './records/export-records.ts'
import { getRecord } from './records/get-record.ts'
import { importRecords } from './records/import-records.ts'
import { listHistory } from './records/list-history.ts'
import { listRecords } from './records/list-records.ts'
import { listTransitions } from './records/list-transitions.ts'
import { listTrash } from './records/list-trash.ts'
import { recordExists } from './records/record-exists.ts'
import { replaceRecord } from './records/replace-record.ts'
import { restoreRecord } from './records/restore-record.ts'
import { revertRecord } from './records/revert-record.ts'
import { runBatch } from './records/run-batch.ts'
import { transitionRecord } from './records/transition-record.ts'
import { updateRecord } from './records/update-record.ts'
import { upsertRecord } from './records/upsert-record.ts'
import type { Route } from './route.ts'
import { getHealth } from './system/get-health.ts'
import { getMetrics } from './system/get-metrics.ts'
import { getReadiness } from './system/get-readiness.ts'

/**
 * The API's table of contents. Every path the server answers is here; those of the control plane come from its own table and are
 * added behind. On a path, fixed segments win over `{names}`: nothing under `auth` is ever a record.
 */
export function routes<A, C>(ports: Ports<A, C>, control: readonly Route[]): readonly Route[] {
  const own = [
    // Records
    listRecords(ports), //    GET    /api/{app}/{collection}
    recordExists(ports), //   HEAD   /api/{app}/{collection}
    aggregateRecords(ports), // GET  /api/{app}/{collection}/-aggregate
    distinctValues(ports), // GET    /api/{app}/{collection}/-distinct
    exportRecords(ports), //  GET    /api/{app}/{collection}/-export
    importRecords(ports), //  POST   /api/{app}/{collection}/-import
    createRecord(ports), //   POST   /api/{app}/{collection}
    getRecord(ports), //      GET    /api/{app}/{collection}/{id}
    updateRecord(ports), //   PATCH  /api/{app}/{collection}/{id}
    replaceRecord(ports), //  PUT    /api/{app}/{collection}/{id}
    upsertRecord(ports), //   PUT    /api/{app}/{collection}
    deleteRecord(ports), //   DELETE /api/{app}/{collection}/{id}
    updateMatching(ports), // PATCH  /api/{app}/{collection}
    deleteMatching(ports), // DELETE /api/{app}/{collection}
    transitionRecord(ports), // POST /api/{app}/{collection}/{id}/{transition}
    listTransitions(ports), // GET   /api/{app}/{collection}/{id}/-transitions
    listTrash(ports), //      GET    /api/{app}/{collection}/-trash
    restoreRecord(ports), //  POST   /api/{app}/{collection}/{id}/-restore
    runBatch(ports), //       POST   /api/{app}/batch
    listHistory(ports), // GET /api/{app}/{collection}/{id}/-history
    revertRecord(ports), // POST /api/{app}/{collection}/{id}/-revert

    // Accounts
    signUp(ports), //         POST   /api/{app}/auth/signup
    logIn(ports), //          POST   /api/{app}/auth/login
    refreshSession(ports), // POST   /api/{app}/auth/refresh
    logOut(ports), //         POST   /api/{app}/auth/logout
    resetPassword(ports), //  POST   /api/{app}/auth/reset
    getMe(ports), //          GET    /api/{app}/auth/me
    updateMe(ports), //       PATCH  /api/{app}/auth/me
    getJwks(ports), //        GET    /api/{app}/auth/jwks.json

    // Contracts
    getTypes(ports), //       GET    /api/{app}/types
    getOpenApi(ports), //     GET    /api/{app}/openapi.json
    getDocs(ports), //        GET    /api/{app}/docs

    // The server
    getHealth(), //                 GET /healthz
    getReadiness(ports.system), //  GET /readyz
    getMetrics(ports.system), //    GET /metrics
  ]
  // The control plane: dashboard, administration, pages
  return [...own.map((one) => acrossVersions(one, ports.apps)), ...control]
}
