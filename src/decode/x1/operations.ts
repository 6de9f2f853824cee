/**
 * X1 has no message numbers. So that `type` is a number all the same, each operation has the position it has in
 * TS 103 221-1 clause 6 (6.2 tasks, 6.3 destinations, 6.4 information, 6.5 issues, 6.6 path supervision, 6.7 generic
 * objects). The numbers are ours and stay as they are: new operations are added at the end of their hundred.
 */
export const X1_OPERATIONS: Readonly<Record<string, number>> = {
  ActivateTask: 1,
  ModifyTask: 2,
  DeactivateTask: 3,
  DeactivateAllTasks: 4,
  CreateDestination: 101,
  ModifyDestination: 102,
  RemoveDestination: 103,
  RemoveAllDestinations: 104,
  GetTaskDetails: 201,
  GetDestinationDetails: 202,
  GetNEStatus: 203,
  GetAllDetails: 204,
  ListAllDetails: 205,
  GetAllTaskDetails: 206,
  GetAllDestinationDetails: 207,
  GetAllGenericObjectDetails: 208,
  ReportTaskIssue: 301,
  ReportDestinationIssue: 302,
  ReportNEIssue: 303,
  Ping: 401,
  Keepalive: 402,
  CreateObject: 501,
  ModifyObject: 502,
  GetObject: 503,
  DeleteObject: 504,
  ListObjectsOfType: 505,
  DeleteAllObjects: 506,
};

/** An operation that the list lacks. */
export const UNKNOWN_OPERATION = 0;
/** The top-level error response, which answers a whole container. */
export const TOP_LEVEL_ERROR = 900;
