ARG NODE=18
FROM node:${NODE}-alpine
