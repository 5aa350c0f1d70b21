import warnings

async def never():
    log.append("not reached")

def forget():
    never()

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    forget()
never().close()
