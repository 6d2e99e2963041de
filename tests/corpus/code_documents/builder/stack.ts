export const stack = `
services:
  broker:
    image: rabbitmq:3.13-management
  web:
    image: ${process.env.IMAGE}
`;
