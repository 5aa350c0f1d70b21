class Login:
    def __init__(self, name, password):
        self.name = name
        self.password = password

def run(token, user):
    api_key = "abc"
    api_key += token
    settings = {"user": user, "password": "p", "port": 1}
    settings["password"] += "q"
    settings["port"] += 1
    login = Login(user, settings["password"])
    login.name = "other"
    login.password = "r"
    return len(api_key), settings["port"], login.name

log.append(run("t", "ann"))
