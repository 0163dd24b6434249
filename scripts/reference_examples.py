"""The program that opens each page of docs/reference; tests/docs/test_blocks.py runs each of them twice."""

from __future__ import annotations

import textwrap

# About five lines each, inside `with Vocobase() as vb:`.
BODIES = {
    "agents": """
        voice = vb.voices.find(language="en")
        agent = vb.agents.ensure("Desk", "Be kind.", voice_id=voice.id)
        agent = vb.agents.update(agent.id, intro_message="Hello.")
        print(agent.agent_name, agent.intro_message)  # Desk Hello.
    """,
    "agents.dictionaries": """
        agent = vb.agents.ensure("Desk", "Be kind.", voice_id=vb.voices.find().id)
        names = vb.dictionaries.ensure("Names", terms=["Asha", "Meera Iyer"])
        vb.agents.dictionaries.replace(agent.id, [names.id])
        print([each.name for each in vb.agents.dictionaries.list(agent.id)])  # ['Names']
    """,
    "agents.documents": """
        agent = vb.agents.ensure("Desk", "Answer from the handbook.", voice_id=vb.voices.find().id)
        page = vb.documents.add_web_link("Prices", "https://example.com/prices")
        vb.agents.documents.link(agent.id, [page.id])
        print(vb.agents.documents.wait_synced(agent.id, [page.id]))
        vb.agents.documents.unlink(agent.id, page.id)
    """,
    "background_audio": """
        # music.wav: your track, or a copy of examples/files/waiting-room.wav
        track = vb.background_audio.ensure("music.wav", slug="waiting-room")
        print(track.status)  # READY
        print([each.slug for each in vb.background_audio.list()])
    """,
    "calls": """
        agent = vb.agents.ensure("Desk", "Be kind.", voice_id=vb.voices.find().id)
        call = vb.calls.start(agent.id, "+12025550100", provider="twilio", wait_for_slot=60)
        done = vb.calls.wait(call.call_id)
        print(done.disposition, done.session.credits_used, "rupees")
        print(done.session.transcript.text())
    """,
    "campaigns": """
        agent = vb.agents.ensure("Caller", "Be kind.", voice_id=vb.voices.find().id)
        campaign = vb.campaigns.create("Spring", agent.id, provider="twilio")
        vb.campaigns.add_contacts(campaign.id, [{"phone": "+12025550100", "name": "Asha"}])
        vb.campaigns.start(campaign.id)
        print([progress.status for progress in vb.campaigns.watch(campaign.id, timeout=600)])
    """,
    "config": """
        config = vb.config.get()
        print(config.status, config.credits, "rupees")
        print(config.allowed_telephony_providers)
        print(config.current_agent_count, "of", config.agent_limit, "agents")
    """,
    "config.telephony": """
        vb.config.telephony.set_twilio("AC_EXAMPLE", "token", from_number="+12025550181")
        print(vb.config.get().telephony["twilio"].configured)  # True
    """,
    "config.webhooks": """
        endpoint = vb.config.webhooks.ensure("main", "https://app.example/vocobase")
        if endpoint.secret is not None:  # only a new endpoint comes with its secret
            print("store this secret:", len(endpoint.secret), "characters")
        print([each.label for each in vb.config.webhooks.list()])
    """,
    "dictionaries": """
        products = vb.dictionaries.ensure("Products", terms=["Vocobase", "SKU-4471"])
        products = vb.dictionaries.update(products.id, terms=[*products.terms, "Meera Iyer"])
        print(products.char_count)
    """,
    "document_folders": """
        page = vb.documents.add_web_link("Prices", "https://example.com/prices")
        try:
            folder = vb.document_folders.create("Product pages")
            vb.document_folders.add_document(folder.id, [page.id])
        except ConflictError:
            print("the folder exists")
    """,
    "documents": """
        document = vb.documents.upload(b"# Opening hours: 9 to 17.", name="hours.md")
        print(document.id, document.status)  # ready
        vb.documents.download(document.id, "hours.md")
        vb.documents.delete(document.id)
    """,
    "events": """
        agent = vb.agents.ensure("Desk", "Be kind.", voice_id=vb.voices.find().id)
        vb.calls.start(agent.id, "+12025550100", provider="twilio", wait_for_slot=60)
        for event in vb.events.poll(timeout=60):
            print(event.session_id, event.duration_seconds)
    """,
    "functions": """
        date = {"name": "date", "type": "string", "description": "YYYY-MM-DD", "required": True}
        slots = vb.functions.create(
            "free_slots", "Find free slots on a day.", url="https://app.example/slots", input_schema=[date]
        )
        print(slots.id, slots.method)
    """,
    "phone_numbers": """
        voice = vb.voices.find()
        agent = vb.agents.ensure("Reception", "Be kind.", voice_id=voice.id, agent_type="inbound")
        vb.config.telephony.set_vobiz("MA_EXAMPLE", "token", from_number="+12025550150")
        number = vb.phone_numbers.sync("vobiz", numbers=["+12025550151"])[0]
        print(vb.phone_numbers.assign(number.id, agent.id).agent)
    """,
    "projects": """
        project = vb.projects.ensure("Client A", description="Agents for client A")
        voice = vb.voices.find()
        agent = vb.agents.ensure("Client A desk", "Be kind.", voice_id=voice.id, project_id=project.id)
        print(agent.project_id == project.id)  # True
    """,
    "sessions": """
        agent = vb.agents.ensure("Desk", "Be kind.", voice_id=vb.voices.find().id)
        session = vb.sessions.start_webrtc(agent.id)
        print(session.daily_room_url)  # give this address and the token to the browser
        done = vb.sessions.wait(session.session_id)
        print(done.status, done.credits_used)
    """,
    "telephony_connections": """
        known = [each for each in vb.telephony_connections.iter(provider="sip") if each.name == "Office"]
        connection = known[0] if known else vb.telephony_connections.create(
            "sip", "Office", sip_host="sip.example.com", did_number="+12025550162"
        )
        print(connection.connection_id, connection.status)
    """,
    "voicelink": """
        vb.config.telephony.set_voicelink("reseller", "secret")
        for did in vb.voicelink.dids.list_purchased():
            print(did.to_dict())
    """,
    "voicelink.bots": """
        vb.config.telephony.set_voicelink("reseller", "secret")
        for bot in vb.voicelink.bots.list(per_page=20):
            print(bot.to_dict())
    """,
    "voicelink.call_routing": """
        vb.config.telephony.set_voicelink("reseller", "secret")
        number = vb.voicelink.dids.list_purchased()[0]
        try:
            print(vb.voicelink.call_routing.create(1, 1, did_id=number.did_id))
        except ValidationFailedError:
            print("the number has a routing")
    """,
    "voicelink.clients": """
        vb.config.telephony.set_voicelink("reseller", "secret")
        for client in vb.voicelink.clients.list(per_page=20):
            print(client.to_dict())
    """,
    "voicelink.dids": """
        vb.config.telephony.set_voicelink("reseller", "secret")
        for did in vb.voicelink.dids.list_purchased():
            print(did.to_dict())
        print(len(vb.voicelink.dids.list_available()), "more are available")
    """,
    "voicelink.state": """
        vb.config.telephony.set_voicelink("reseller", "secret")
        print(vb.voicelink.state.sync(import_dids=False).to_dict())  # compares, and changes nothing
    """,
    "voices": """
        voice = vb.voices.find(language="en", gender="female")
        print(voice.id, voice.tier)
        print(len(vb.voices.list()), "voices")
    """,
}
ERRORS = {"document_folders": ("ConflictError",), "voicelink.call_routing": ("ValidationFailedError",)}


def program(group: str) -> str:
    """Return the program of a group of operations.

    Raises:
        KeyError: the group has none; write one.
    """
    body = textwrap.indent(textwrap.dedent(BODIES[group]).strip(), "    ")
    names = ", ".join(sorted(["Vocobase", *ERRORS.get(group, ())]))
    return f"from vocobase import {names}\n\nwith Vocobase() as vb:\n{body}\n"
