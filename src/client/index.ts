/** The client of the cluster: sends commands to the servers so that each is applied exactly once. */
export { type Client, type ClientAnswer, createClient, MAX_WAITING_COMMANDS } from './client.ts';
