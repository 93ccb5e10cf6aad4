/** DD4xxx exercises and tasks (`src/checkers`); DD5xxx browser storage and editor (`src/lab`); DD9xxx everything else. */
import type { ErrorSection } from './entry.ts';

export const exerciseErrors = {
  'exercise-invalid': {
    code: 'DD4001',
    params: ['file', 'problems'],
    title: { en: 'An exercise is written wrongly', 'zh-cn': '练习定义有误' },
    why: { en: '{file}: {problems}', 'zh-cn': '{file}：{problems}' },
    action: {
      en: 'Mend the named places in the file; each line says how. The reference for authors (/en/reference/#exercise) describes every field.',
      'zh-cn': '请修改文件中指出的位置，每一行都说明了改法。每个字段的说明见作者参考手册（/zh-cn/reference/#exercise）。',
    },
  },
  'exercise-missing': {
    code: 'DD4002',
    params: ['file', 'reason'],
    title: { en: 'An exercise cannot be read', 'zh-cn': '无法读取练习' },
    why: { en: '{file}: {reason}.', 'zh-cn': '{file}：{reason}。' },
    action: {
      en: 'Create the file, or correct `exercise:` in the head of the lesson.',
      'zh-cn': '请创建该文件，或更正课程文件头中的 `exercise:`。',
    },
  },
  'exercise-step-failed': {
    code: 'DD4003',
    params: ['step', 'reason'],
    title: { en: 'The lesson could not be prepared', 'zh-cn': '课程准备失败' },
    why: { en: 'The step “{step}” failed: {reason}.', 'zh-cn': '步骤“{step}”失败：{reason}。' },
    action: { en: 'Press Reset to start the machine afresh.', 'zh-cn': '请点击“重置”重新启动虚拟机。' },
  },
  'task-check-failed': {
    code: 'DD4004',
    params: ['task', 'reason'],
    title: { en: 'A task could not be checked', 'zh-cn': '无法检查任务' },
    why: {
      en: 'Looking at the engine for “{task}” failed: {reason}. This does not mean that you did anything wrong.',
      'zh-cn': '检查“{task}”时无法读取引擎状态：{reason}。这并不表示您做错了。',
    },
    action: { en: 'It is tried again by itself.', 'zh-cn': '系统会自动重试。' },
  },
  'content-invalid': {
    code: 'DD4020',
    params: ['file', 'problems'],
    title: { en: 'The course is written wrongly', 'zh-cn': '课程内容有误' },
    why: { en: '{file}: {problems}', 'zh-cn': '{file}：{problems}' },
    action: {
      en: 'Mend the named places; each line says how. The reference for authors (/en/reference/) describes every field.',
      'zh-cn': '请修改指出的位置，每一行都说明了改法。每个字段的说明见作者参考手册（/zh-cn/reference/）。',
    },
  },
} as const satisfies ErrorSection;

/** What helps where there is no room for another saved machine, however the browser tells so. */
const makeRoom = {
  en: 'Save it to a file instead, or delete saved machines that you no longer need and save again.',
  'zh-cn': '请改为导出到文件，或删除不再需要的存档后重新保存。',
};

export const pageErrors = {
  'storage-unavailable': {
    code: 'DD5001',
    params: ['reason'],
    title: { en: 'Progress cannot be kept', 'zh-cn': '无法保存学习进度' },
    why: {
      en: 'The browser does not let this site store data: {reason}.',
      'zh-cn': '浏览器不允许本站存储数据：{reason}。',
    },
    action: {
      en: 'You can go on, but a reload starts over. Allow site data, or leave private mode.',
      'zh-cn': '您可以继续学习，但刷新后进度会丢失。请允许本站存储数据，或退出无痕模式。',
    },
  },
  'storage-full': {
    code: 'DD5002',
    params: ['reason'],
    title: { en: 'The browser’s storage is full', 'zh-cn': '浏览器存储空间已满' },
    why: { en: 'Storing failed: {reason}.', 'zh-cn': '存储失败：{reason}。' },
    action: {
      en: 'Free some disk space or delete data of other sites, then try again.',
      'zh-cn': '请释放磁盘空间或清除其他网站的数据，然后重试。',
    },
  },
  'progress-corrupt': {
    code: 'DD5003',
    params: ['lesson', 'reason'],
    title: { en: 'The stored progress could not be read', 'zh-cn': '无法读取已保存的进度' },
    why: {
      en: 'What is stored for “{lesson}” is not valid ({reason}); it was put aside.',
      'zh-cn': '为“{lesson}”保存的数据无效（{reason}），已被搁置。',
    },
    action: { en: 'The lesson starts over; nothing else is affected.', 'zh-cn': '本课将重新开始，其他内容不受影响。' },
  },
  'editor-load-failed': {
    code: 'DD5004',
    params: ['reason'],
    title: { en: 'The editor could not be loaded', 'zh-cn': '编辑器加载失败' },
    why: { en: 'Loading it failed: {reason}.', 'zh-cn': '加载失败：{reason}。' },
    action: {
      en: 'Check your connection and press Retry. Until then nano and vim work in the terminal.',
      'zh-cn': '请检查网络连接并点击“重试”。在此之前可以在终端中使用 nano 和 vim。',
    },
  },
  'save-failed': {
    code: 'DD5005',
    params: ['path', 'reason'],
    title: { en: 'The file was not saved', 'zh-cn': '文件未保存' },
    why: { en: 'Writing {path} failed: {reason}.', 'zh-cn': '写入 {path} 失败：{reason}。' },
    action: {
      en: 'Your text is still in the editor. Mend the cause and save again.',
      'zh-cn': '您的内容仍在编辑器中。请排除原因后再次保存。',
    },
  },
  'file-changed-elsewhere': {
    code: 'DD5006',
    params: ['path'],
    title: { en: 'The file was changed elsewhere', 'zh-cn': '文件已在别处被修改' },
    why: {
      en: '{path} was changed in the machine after it had been opened here.',
      'zh-cn': '{path} 在此处打开之后，又在虚拟机中被修改。',
    },
    action: {
      en: 'Choose which of the two versions to keep.',
      'zh-cn': '请选择保留哪一个版本。',
    },
  },
  'progress-file-invalid': {
    code: 'DD5010',
    params: ['file', 'reason'],
    title: { en: 'This file holds no progress', 'zh-cn': '这个文件不是学习进度' },
    why: { en: '{file} cannot be read: {reason}.', 'zh-cn': '无法读取 {file}：{reason}。' },
    action: {
      en: 'Choose a file that was saved with “Save to a file” on this page. Your progress here was not changed.',
      'zh-cn': '请选择用本页“保存到文件”导出的文件。此处的学习进度没有改变。',
    },
  },
  'session-too-large': {
    code: 'DD5011',
    params: ['needed', 'free'],
    title: { en: 'There is no room for another saved machine', 'zh-cn': '没有空间保存更多虚拟机存档' },
    why: {
      en: 'This one takes {needed}; the browser has {free} left for this site.',
      'zh-cn': '此存档需要 {needed}，浏览器留给本站的空间还剩 {free}。',
    },
    action: makeRoom,
  },
  'session-store-failed': {
    code: 'DD5012',
    params: ['reason'],
    title: { en: 'Saved machines cannot be kept in this browser', 'zh-cn': '浏览器无法保存虚拟机存档' },
    why: { en: 'Its database refused: {reason}.', 'zh-cn': '浏览器数据库拒绝了操作：{reason}。' },
    action: {
      en: 'Save the machine to a file instead. Private windows and blocked site data are the usual causes.',
      'zh-cn': '请改为导出到文件。常见原因是处于无痕窗口，或禁止了本站存储数据。',
    },
  },
  'session-refused': {
    code: 'DD5013',
    params: ['needed'],
    title: { en: 'The browser ran out of room while it saved the machine', 'zh-cn': '浏览器在保存虚拟机时空间不足' },
    why: {
      en: 'This one takes {needed}, and before it was written, the browser’s storage or the disk was full. Nothing of it was kept.',
      'zh-cn': '此存档需要 {needed}，还没写完，浏览器的存储空间或磁盘就满了。没有留下不完整的存档。',
    },
    action: makeRoom,
  },
  unexpected: {
    code: 'DD9001',
    params: ['reason'],
    title: { en: 'Something unexpected went wrong', 'zh-cn': '发生了意外错误' },
    why: { en: '{reason}', 'zh-cn': '{reason}' },
    action: {
      en: 'Reload the page. If it happens again, report it with the code and this text.',
      'zh-cn': '请重新加载页面。如果再次出现，请附上错误代码和这段文字反馈给我们。',
    },
  },
} as const satisfies ErrorSection;
