"""A picture of one sample as Discord would show it: `discord_page.py CARDS SAMPLE PICTURE`, drawn by simcord in Chromium."""

import asyncio
import json
import sys

import discord
import simcord
from simcord.backend.models import User
from simcord.http import router

# The people of the samples, from this id on.
FIRST_PERSON = 1401
PEOPLE = ["requester-1", "approver-1", "approver-2", "approver-3", "lead-1"]
WIDTH, HEIGHT = 900, 1100
# What the preview shows around the channel.
FRAME = 300


async def draw(card, picture):
    async with simcord.run(discord.Client(intents=discord.Intents.default())) as world:
        guild = world.create_guild("Example")
        channel, viewer = guild.create_text_channel("deploys"), guild.add_member(world.create_user("lead-2"))
        for id, name in enumerate(PEOPLE, FIRST_PERSON):
            world.backend.users[id] = User(id=id, name=name)
            world.backend.add_member(guild.id, id)
        router.dispatch(world.backend, "POST", f"/channels/{channel.id}/messages", json=card)
        async with world.preview(channel, viewers=[viewer], layout="channel", display="fixed", width=WIDTH, height=HEIGHT) as page:
            arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--virtual-time-budget=8000"]
            size = f"--window-size={WIDTH + FRAME},{HEIGHT + FRAME}"
            arguments += [size, f"--screenshot={picture}", page.url]
            chromium = await asyncio.create_subprocess_exec("chromium", *arguments, stderr=asyncio.subprocess.DEVNULL)
            await chromium.wait()


if __name__ == "__main__":
    cards, sample, picture = sys.argv[1:]
    with open(cards) as file:
        asyncio.run(draw(json.load(file)[sample], picture))
