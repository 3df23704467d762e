import type { FastifyReply } from 'fastify';
import type { Problem } from './problem.js';

const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

export const sendProblem = (reply: FastifyReply, problem: Problem): void => {
  void reply.code(problem.status).headers(problem.headers).type(PROBLEM_JSON).send(JSON.stringify(problem.body));
};
