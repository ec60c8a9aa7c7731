import { changePassword } from './api/change-password.ts'
import { createAdmin } from './api/create-admin.ts'
import { createKey } from './api/create-key.ts'
import { createUser } from './api/create-user.ts'
import { deleteAdmin } from './api/delete-admin.ts'
import { deleteApp } from './api/delete-app.ts'
import { deleteUser } from './api/delete-user.ts'
import { listAdmins } from './api/list-admins.ts'
import { listApps } from './api/list-apps.ts'
import { listAudit } from './api/list-audit.ts'
import { listKeys } from './api/list-keys.ts'
import { listSettings } from './api/list-settings.ts'
import { listUsers } from './api/list-users.ts'
import { listVersions } from './api/list-versions.ts'
import { listViews } from './api/list-views.ts'
import { loadApp } from './api/load-app.ts'
import { logIn } from './api/log-in.ts'
import { logOut } from './api/log-out.ts'
import { makeResetLink } from './api/make-reset-link.ts'
import { purgeApp } from './api/purge-app.ts'
import { refreshView } from './api/refresh-view.ts'
import { revokeKey } from './api/revoke-key.ts'
import { rollBackApp } from './api/roll-back-app.ts'
import { seedApp } from './api/seed-app.ts'
import { setSettings } from './api/set-settings.ts'
import { setUp } from './api/set-up.ts'
import { showApp } from './api/show-app.ts'
import { showVersion } from './api/show-version.ts'
import { updateUser } from './api/update-user.ts'
import type { Endpoint } from './endpoint.ts'
import { viewerFiles } from './pages/api/viewer-files.ts'
import { errorsPage } from './pages/errors-page.ts'
import { filePage, textPage } from './pages/page.ts'
import { resetPages } from './pages/reset/reset-pages.ts'
import { schemaFiles } from './pages/schema-files.ts'
import type { ControlPorts } from './ports.ts'

/** The control plane's table of contents. */
export function endpoints<A>(ports: ControlPorts<A>): readonly Endpoint[] {
  return [
    // Administrators
    setUp(ports), //         POST   /admin/api/setup
    logIn(ports), //         POST   /admin/api/login
    logOut(ports), //        POST   /admin/api/logout
    changePassword(ports), // POST  /admin/api/password

    // Apps
    listApps(ports), //      GET    /admin/api/apps
    showApp(ports), //       GET    /admin/api/apps/{app}
    loadApp(ports), //       PUT    /admin/api/apps/{app}
    deleteApp(ports), //     DELETE /admin/api/apps/{app}
    listVersions(ports), //  GET    /admin/api/apps/{app}/versions
    showVersion(ports), //   GET    /admin/api/apps/{app}/versions/{version}
    rollBackApp(ports), //   POST   /admin/api/apps/{app}/rollback
    purgeApp(ports), //      POST   /admin/api/apps/{app}/purge
    listSettings(ports), //  GET    /admin/api/apps/{app}/settings
    setSettings(ports), //   PUT    /admin/api/apps/{app}/settings
    seedApp(ports), //       POST   /admin/api/apps/{app}/seed
    listViews(ports), //     GET    /admin/api/apps/{app}/views
    refreshView(ports), //   POST   /admin/api/apps/{app}/views/{view}/refresh

    // Users of apps
    listUsers(ports), //     GET    /admin/api/apps/{app}/users
    createUser(ports), //    POST   /admin/api/apps/{app}/users
    updateUser(ports), //    PATCH  /admin/api/apps/{app}/users/{id}
    deleteUser(ports), //    DELETE /admin/api/apps/{app}/users/{id}
    makeResetLink(ports), // POST   /admin/api/apps/{app}/users/{id}/reset

    // Keys, administrators, the audit
    createKey(ports), //     POST   /admin/api/keys
    listKeys(ports), //      GET    /admin/api/keys
    revokeKey(ports), //     DELETE /admin/api/keys/{id}
    listAdmins(ports), //    GET    /admin/api/admins
    createAdmin(ports), //   POST   /admin/api/admins
    deleteAdmin(ports), //   DELETE /admin/api/admins/{id}
    listAudit(ports), //     GET    /admin/api/audit

    // Pages
    filePage('/admin/setup', 'setup/setup.html'),
    filePage('/admin/assets/setup.js', 'setup/setup.js'),
    filePage('/admin/assets/style.css', 'style.css'),
    filePage('/admin/assets/icon.svg', 'icon.svg'),
    ...resetPages(ports),
    textPage('/docs/errors', 'html', errorsPage()),
    ...schemaFiles(ports),
    ...viewerFiles(),
  ]
}
