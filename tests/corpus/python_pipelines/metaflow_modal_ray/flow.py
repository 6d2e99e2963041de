from metaflow import FlowSpec, batch, kubernetes, pypi, resources, step

GPU_IMAGE = "nvcr.io/nvidia/tritonserver:24.03-py3"


class TrainFlow(FlowSpec):
    @kubernetes(image="python:3.11-bookworm", cpu=2)
    @step
    def start(self):
        self.image = "cover.png"
        self.next(self.train)

    @batch(cpu=4, gpu=1, image=GPU_IMAGE)
    @step
    def train(self):
        self.next(self.end)

    @kubernetes
    @pypi(python="3.11", packages={"pandas": "2.2.2"})
    @step
    def end(self):
        print(self.image)


if __name__ == "__main__":
    TrainFlow()
