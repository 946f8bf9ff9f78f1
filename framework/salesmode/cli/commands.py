"""Every command with its line of help. The module `salesmode.cli.<name>` is imported when it is called."""

from collections.abc import Mapping

COMMANDS: Mapping[str, str] = {
    "demo": "Start a CRM with data, users and tokens.",
    "new": "Write the first files of an app, a plugin or an object.",
    "validate": "Find every mistake in an app's metadata.",
    "test": "Play the app's stories, or prove its permissions.",
    "explain": "Show what gave each part, or who sees a record.",
    "permissions": "Show what each role may do with each object and field.",
    "upgrade": "List what changed in the presets below an app.",
    "plan": "Show what would change in the database.",
    "apply": "Change the database to fit the metadata.",
    "serve": "Serve the GraphQL API.",
    "worker": "Do timed work and deliver events.",
    "token": "Print a token or a key for a user; show and take back keys.",
    "schema": "Print what clients and tools read.",
    "diagram": "Draw objects or pipelines as text for Mermaid.",
    "import": "Bring the records of a file into the database.",
    "export": "Write an object's records to a file.",
    "plugins": "List the plugins that are installed, and what each brings.",
    "doctor": "Check that everything needed is there.",
}
