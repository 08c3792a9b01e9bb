/// <reference types="vite/client" />
/** The types of what Vite lets a file import: styles, fonts, pictures. */
