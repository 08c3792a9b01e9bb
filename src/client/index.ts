/** The client of the cluster: how the lab, and whoever else wants exactly-once commands, talks to the servers. */
export { type Client, type ClientAnswer, type ClientOptions, createClient, MAX_WAITING_COMMANDS } from './client.ts';
