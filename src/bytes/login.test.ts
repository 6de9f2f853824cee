import { describe, expect, test } from "vitest";
import { Login, loginIn } from "./login.ts";

const of = (text: string): number => {
  const bytes = Buffer.from(`..${text}..`, "latin1");
  return loginIn(bytes, 2, bytes.length - 2);
};

describe("a login in clear", () => {
  test.each([
    "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Basic dXNlcjpwYXNz\r\n\r\n",
    "Host: h\r\nproxy-authorization: basic dXNlcjpwYXNz\r\n",
    "PASS hunter2\r\n",
    "USER anna\r\nPASS hunter2\r\n",
    "a001 LOGIN anna hunter2\r\n",
    'a1 login "anna" "hunter 2"\r\n',
    "A2 AUTHENTICATE PLAIN AGFubmEAaHVudGVyMg==\r\n",
    "AUTH PLAIN AGFubmEAaHVudGVyMg==\r\n",
  ])("%j", (text) => expect(of(text)).toBe(Login.GIVEN));

  test.each(["\r\nPassword: ", "password:"])("%j asks", (text) => expect(of(text)).toBe(Login.ASKED));

  test.each([
    "",
    "GET /a/longer/path/than/anybody/types HTTP/1.1\r\nHost: example.org\r\nAuthorization: Bearer abcdefgh\r\n\r\n",
    "<p>Authorization: Basic is old, and PASS hunter2 is a command of FTP. We say so at some length, to be longer than what one types.</p>",
    "331 Please specify the password, and wait a moment until the server has looked at the list of names.\r\n",
    "\u0016\u0003\u0001\u0002\u0000",
    "\r\n",
  ])("none in %j", (text) => expect(of(text)).toBe(Login.NONE));

  test("what is typed is no login by itself", () => expect(of("hunter2\r\n")).toBe(Login.TYPED));
});
