/** DD1xxx: loading, restoring and running the emulated machine (`src/emulator`). */
import type { ErrorSection } from './entry.ts';

export const machineErrors = {
  'part-download-failed': {
    code: 'DD1001',
    params: ['part', 'attempts', 'reason'],
    title: { en: 'A part of the machine could not be downloaded', 'zh-cn': '虚拟机的一个分片下载失败' },
    why: {
      en: 'Downloading {part} failed {attempts} times; the last time: {reason}.',
      'zh-cn': '下载 {part} 共失败 {attempts} 次，最后一次的原因：{reason}。',
    },
    action: {
      en: 'Check your connection, then press Retry. Parts already downloaded are kept.',
      'zh-cn': '请检查网络连接后点击“重试”。已下载的分片会保留。',
    },
  },
  'part-corrupt': {
    code: 'DD1002',
    params: ['part', 'expected', 'actual'],
    title: { en: 'A part of the machine arrived damaged', 'zh-cn': '虚拟机的一个分片已损坏' },
    why: {
      en: 'The content of {part} has the SHA-256 {actual}, but {expected} was published.',
      'zh-cn': '{part} 内容的 SHA-256 是 {actual}，而发布的值是 {expected}。',
    },
    action: {
      en: 'Press Retry. If it happens again, a proxy or the server changes the file: tell whoever runs this site, with the code.',
      'zh-cn': '请点击“重试”。如果再次出现，说明代理或服务器改动了该文件，请把错误代码告诉站点维护者。',
    },
  },
  'manifest-missing': {
    code: 'DD1003',
    params: ['url', 'reason'],
    title: { en: 'There is no machine image', 'zh-cn': '找不到虚拟机镜像' },
    why: {
      en: 'The description of the image at {url} could not be loaded: {reason}.',
      'zh-cn': '无法加载位于 {url} 的镜像清单：{reason}。',
    },
    action: {
      en: 'Press Retry. If you run this site yourself, build the image with `npm run vm:build`.',
      'zh-cn': '请点击“重试”。如果站点是您自己运行的，请用 `npm run vm:build` 构建镜像。',
    },
  },
  'manifest-invalid': {
    code: 'DD1004',
    params: ['url', 'reason'],
    title: { en: 'The machine image is described wrongly', 'zh-cn': '虚拟机镜像清单无效' },
    why: {
      en: 'The file at {url} is not a valid manifest: {reason}.',
      'zh-cn': '位于 {url} 的文件不是有效的清单：{reason}。',
    },
    action: {
      en: 'Reload the page without its cache. If you run this site yourself, build image and site again from the same commit.',
      'zh-cn': '请不使用缓存重新加载页面。如果站点是您自己运行的，请用同一次提交重新构建镜像和站点。',
    },
  },
  'wasm-unavailable': {
    code: 'DD1005',
    params: ['reason'],
    title: { en: 'This browser does not run WebAssembly here', 'zh-cn': '浏览器无法在此运行 WebAssembly' },
    why: { en: 'The emulator could not be compiled: {reason}.', 'zh-cn': '模拟器编译失败：{reason}。' },
    action: {
      en: 'Use a current Chrome, Edge, Firefox or Safari, and turn off modes that forbid WebAssembly (such as Lockdown Mode) for this site.',
      'zh-cn': '请使用新版 Chrome、Edge、Firefox 或 Safari，并为本站关闭禁用 WebAssembly 的模式（例如“锁定模式”）。',
    },
  },
  'memory-insufficient': {
    code: 'DD1006',
    params: ['neededMiB'],
    title: { en: 'Not enough memory for the machine', 'zh-cn': '内存不足，无法启动虚拟机' },
    why: {
      en: 'The browser refused the {neededMiB} MiB that the machine needs.',
      'zh-cn': '虚拟机需要 {neededMiB} MiB 内存，浏览器未能分配。',
    },
    action: {
      en: 'Close other tabs, above all other lessons, then press Retry. A phone may not have enough.',
      'zh-cn': '请关闭其他标签页（尤其是其他课程页），然后点击“重试”。手机的内存可能不够。',
    },
  },
  'state-unrestorable': {
    code: 'DD1007',
    params: ['reason'],
    title: { en: 'The saved machine could not be woken', 'zh-cn': '无法恢复已保存的虚拟机状态' },
    why: {
      en: 'The emulator refused the saved state: {reason}. A state can be restored only by the emulator version that saved it.',
      'zh-cn': '模拟器拒绝了保存的状态：{reason}。状态只能由保存它的同一版本模拟器恢复。',
    },
    action: {
      en: 'Reload the page without its cache. If you run this site yourself, build image and site again from the same commit.',
      'zh-cn': '请不使用缓存重新加载页面。如果站点是您自己运行的，请用同一次提交重新构建镜像和站点。',
    },
  },
  'machine-unresponsive': {
    code: 'DD1008',
    params: ['seconds'],
    title: { en: 'The machine stopped answering', 'zh-cn': '虚拟机停止响应' },
    why: {
      en: 'Nothing was heard from it for {seconds} seconds while an answer was due.',
      'zh-cn': '等待应答期间，已有 {seconds} 秒没有收到任何数据。',
    },
    action: {
      en: 'Wait if a heavy command is running; otherwise press Reset to start it afresh. Your progress is kept, its files are not.',
      'zh-cn': '如果正在执行繁重的命令，请稍候；否则请点击“重置”重新启动。学习进度会保留，虚拟机内的文件不会。',
    },
  },
  'machine-crashed': {
    code: 'DD1009',
    params: ['reason'],
    title: { en: 'The machine broke down', 'zh-cn': '虚拟机崩溃' },
    why: { en: 'The emulator failed: {reason}.', 'zh-cn': '模拟器出错：{reason}。' },
    action: {
      en: 'Press Reset to start it afresh. Your progress is kept, the files in the machine are not.',
      'zh-cn': '请点击“重置”重新启动。学习进度会保留，虚拟机内的文件不会。',
    },
  },
  'machine-stopped': {
    code: 'DD1010',
    params: [],
    title: { en: 'The machine is not running', 'zh-cn': '虚拟机未在运行' },
    why: { en: 'It was stopped or reset while this was under way.', 'zh-cn': '操作进行期间虚拟机被停止或重置。' },
    action: { en: 'Start the machine and try again.', 'zh-cn': '请启动虚拟机后再试一次。' },
  },
  'worker-unavailable': {
    code: 'DD1011',
    params: ['reason'],
    title: { en: 'The emulator could not be started', 'zh-cn': '无法启动模拟器' },
    why: {
      en: 'The browser did not start the worker the machine runs in: {reason}.',
      'zh-cn': '浏览器未能启动运行虚拟机的 Worker：{reason}。',
    },
    action: {
      en: 'Reload the page. If that does not help, turn off extensions that block scripts on this site.',
      'zh-cn': '请重新加载页面。如果仍然无效，请在本站停用拦截脚本的扩展程序。',
    },
  },
  'part-invalid': {
    code: 'DD1012',
    params: ['part', 'reason'],
    title: { en: 'A part of the machine could not be unpacked', 'zh-cn': '虚拟机的一个分片无法解压' },
    why: { en: '{part} has the right hash, but: {reason}.', 'zh-cn': '{part} 的哈希正确，但是：{reason}。' },
    action: {
      en: 'The published image is faulty. Tell whoever runs this site, with the code.',
      'zh-cn': '已发布的镜像有问题，请把错误代码告诉站点维护者。',
    },
  },
  'session-invalid': {
    code: 'DD1013',
    params: ['reason'],
    title: { en: 'This is not a saved machine, or it is damaged', 'zh-cn': '这不是虚拟机存档，或者存档已损坏' },
    why: { en: 'It could not be read: {reason}.', 'zh-cn': '无法读取：{reason}。' },
    action: {
      en: 'Choose another saved machine, or a file that “Save to a file” made. The machine itself can be started afresh with Reset.',
      'zh-cn': '请选择其他存档，或选择用“导出到文件”保存的文件。点击“重置”可以重新启动虚拟机。',
    },
  },
  'session-other-image': {
    code: 'DD1014',
    params: [],
    title: { en: 'This machine was saved with another machine image', 'zh-cn': '此存档来自另一个虚拟机镜像' },
    why: {
      en: 'A saved machine holds only what differs from the published image, and this site publishes another one now.',
      'zh-cn': '存档只保存与已发布镜像的差异，而本站现在发布的是另一个镜像。',
    },
    action: {
      en: 'Press Reset to start the lesson afresh: the tasks you have finished stay finished. The saved machine can still be restored where its image is published, for example on a copy of this site of that time.',
      'zh-cn': '请点击“重置”重新开始本课，已完成的任务仍然算完成。在仍发布该镜像的站点（例如当时的站点副本）上，这个存档依然可以恢复。',
    },
  },
} as const satisfies ErrorSection;
