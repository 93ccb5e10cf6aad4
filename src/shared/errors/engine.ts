/** DD3xxx: the Docker Engine and its API (`src/guest/engine`). */
import type { ErrorSection } from './entry.ts';

export const engineErrors = {
  'engine-unreachable': {
    code: 'DD3001',
    params: ['reason'],
    title: { en: 'The Docker Engine does not answer', 'zh-cn': 'Docker 引擎没有应答' },
    why: {
      en: 'Its socket /run/docker.sock could not be used: {reason}.',
      'zh-cn': '无法使用它的套接字 /run/docker.sock：{reason}。',
    },
    action: {
      en: 'See whether it runs: `systemctl status docker`; start it with `sudo systemctl start docker`.',
      'zh-cn': '请用 `systemctl status docker` 查看它是否在运行，用 `sudo systemctl start docker` 启动它。',
    },
  },
  'engine-api-error': {
    code: 'DD3002',
    params: ['request', 'status', 'message'],
    title: { en: 'The Docker Engine refused a request', 'zh-cn': 'Docker 引擎拒绝了请求' },
    why: {
      en: '{request} was answered with status {status}: {message}',
      'zh-cn': '{request} 返回状态 {status}：{message}',
    },
    action: {
      en: 'Mend what the engine’s message names, then try again: most often a name is misspelt, taken or gone, or the thing is in use. `docker ps -a` and `docker image ls` show what there is.',
      'zh-cn': '请按引擎返回的消息修正后重试：多半是名称写错、已被占用或已不存在，或者对象正在使用。可以用 `docker ps -a` 和 `docker image ls` 查看现有的容器和镜像。',
    },
  },
  'engine-answer-invalid': {
    code: 'DD3003',
    params: ['request', 'reason'],
    title: { en: 'The Docker Engine answered in an unknown way', 'zh-cn': '无法理解 Docker 引擎的应答' },
    why: { en: 'The answer to {request} cannot be read: {reason}.', 'zh-cn': '{request} 的应答无法解析：{reason}。' },
    action: {
      en: 'Try again; if it stays, report it with the code.',
      'zh-cn': '请重试；如果问题依旧，请附上错误代码反馈给我们。',
    },
  },
  'engine-timed-out': {
    code: 'DD3004',
    params: ['request', 'seconds'],
    title: { en: 'The Docker Engine takes too long', 'zh-cn': 'Docker 引擎响应超时' },
    why: {
      en: '{request} was not answered within {seconds} seconds.',
      'zh-cn': '{request} 在 {seconds} 秒内没有得到应答。',
    },
    action: {
      en: 'It may be busy: let running commands finish, then try again.',
      'zh-cn': '引擎可能正忙：请等正在执行的命令结束后再试。',
    },
  },
  'inspector-failed': {
    code: 'DD3020',
    params: ['reason'],
    title: { en: 'The requests cannot be shown', 'zh-cn': '无法显示请求' },
    why: {
      en: 'The relay between the clients and the engine does not run: {reason}.',
      'zh-cn': '客户端与引擎之间的中转程序没有运行：{reason}。',
    },
    action: {
      en: 'See whether the engine runs, `systemctl status docker`, then open the panel again. Docker itself is not affected.',
      'zh-cn': '请用 `systemctl status docker` 查看引擎是否在运行，然后重新打开面板。Docker 本身不受影响。',
    },
  },
} as const satisfies ErrorSection;
