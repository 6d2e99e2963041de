import ray
from ray.job_submission import JobSubmissionClient

IMAGE = "rayproject/ray"
VERSION = "2.20.0-py310"

ray.init(
    runtime_env={
        "working_dir": ".",
        "container": {"image": "rayproject/ray-ml:2.20.0-py310", "run_options": ["--cap-drop SYS_ADMIN"]},
    }
)

client = JobSubmissionClient("http://127.0.0.1:8265")
client.submit_job(entrypoint="python train.py", runtime_env={"image_uri": IMAGE + ":" + VERSION})


@ray.remote(runtime_env={"pip": ["pillow"], "env_vars": {"image": "cat.png"}})
def resize(image="cat.png"):
    return {"image": image}
