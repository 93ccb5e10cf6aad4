/** A course to try things on: one module without lessons, one with a lesson that has moved and a challenge. */
export const courseText = `modules:
  - id: images
    title: { en: Images, zh-cn: 镜像 }
    summary: { en: What, zh-cn: 什么 }
    lessons: []
  - id: containers
    title: { en: Containers, zh-cn: 容器 }
    summary: { en: What, zh-cn: 什么 }
    lessons:
      - { name: first, formerly: [old-first] }
      - { name: all-alone, kind: challenge, minutes: 12 }
`;
