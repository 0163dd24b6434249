"""All models, loaded when they are first used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .added_contacts import AddedContacts
    from .agent import Agent
    from .agent_list import AgentList
    from .agent_status import AgentStatus
    from .agent_type import AgentType
    from .agents_create_request import AgentsCreateRequest
    from .agents_dictionaries_replace_request import AgentsDictionariesReplaceRequest
    from .agents_documents_link_request import AgentsDocumentsLinkRequest
    from .agents_update_request import AgentsUpdateRequest
    from .answered_by import AnsweredBy
    from .attached_dictionary import AttachedDictionary
    from .attached_dictionary_list import AttachedDictionaryList
    from .background_audio import BackgroundAudio
    from .background_audio_create_upload_request import BackgroundAudioCreateUploadRequest
    from .background_audio_list import BackgroundAudioList
    from .background_audio_status import BackgroundAudioStatus
    from .background_audio_upload import BackgroundAudioUpload
    from .call import Call
    from .call_concurrency import CallConcurrency
    from .call_details import CallDetails
    from .call_direction import CallDirection
    from .call_disposition import CallDisposition
    from .call_extraction import CallExtraction
    from .call_latency import CallLatency
    from .call_list import CallList
    from .call_session import CallSession
    from .call_status import CallStatus
    from .call_transfer import CallTransfer
    from .calls_extract_request import CallsExtractRequest
    from .calls_start_request import CallsStartRequest
    from .calls_transfer_request import CallsTransferRequest
    from .campaign import Campaign
    from .campaign_contact_input import CampaignContactInput
    from .campaign_list import CampaignList
    from .campaign_stats import CampaignStats
    from .campaign_status import CampaignStatus
    from .campaigns_add_contacts_request import CampaignsAddContactsRequest
    from .campaigns_create_request import CampaignsCreateRequest
    from .concurrency_limit_source import ConcurrencyLimitSource
    from .config_telephony_set_exotel_request import ConfigTelephonySetExotelRequest
    from .config_telephony_set_mcube_request import ConfigTelephonySetMcubeRequest
    from .config_telephony_set_plivo_request import ConfigTelephonySetPlivoRequest
    from .config_telephony_set_tata_smartflo_request import ConfigTelephonySetTataSmartfloRequest
    from .config_telephony_set_twilio_request import ConfigTelephonySetTwilioRequest
    from .config_telephony_set_vobiz_request import ConfigTelephonySetVobizRequest
    from .config_telephony_set_voicelink_request import ConfigTelephonySetVoicelinkRequest
    from .config_update_display_name_request import ConfigUpdateDisplayNameRequest
    from .config_webhooks_create_request import ConfigWebhooksCreateRequest
    from .config_webhooks_set_default_request import ConfigWebhooksSetDefaultRequest
    from .config_webhooks_update_request import ConfigWebhooksUpdateRequest
    from .confirmation import Confirmation
    from .connection_phone_number import ConnectionPhoneNumber
    from .created_telephony_connection import CreatedTelephonyConnection
    from .created_webhook_endpoint import CreatedWebhookEndpoint
    from .custom_function import CustomFunction
    from .default_webhook import DefaultWebhook
    from .default_webhook_state import DefaultWebhookState
    from .dictionaries_create_request import DictionariesCreateRequest
    from .dictionaries_update_request import DictionariesUpdateRequest
    from .dictionary import Dictionary
    from .dictionary_list import DictionaryList
    from .dictionary_summary import DictionarySummary
    from .document import Document
    from .document_agent import DocumentAgent
    from .document_details import DocumentDetails
    from .document_folder import DocumentFolder
    from .document_folders_add_document_request import DocumentFoldersAddDocumentRequest
    from .document_folders_create_request import DocumentFoldersCreateRequest
    from .document_link import DocumentLink
    from .document_link_result import DocumentLinkResult
    from .document_list import DocumentList
    from .document_status import DocumentStatus
    from .document_sync_status import DocumentSyncStatus
    from .document_type import DocumentType
    from .document_upload import DocumentUpload
    from .documents_add_web_link_request import DocumentsAddWebLinkRequest
    from .documents_create_upload_request import DocumentsCreateUploadRequest
    from .documents_update_request import DocumentsUpdateRequest
    from .exotel_credentials import ExotelCredentials
    from .extraction import Extraction
    from .extraction_config import ExtractionConfig
    from .extraction_config_input import ExtractionConfigInput
    from .extraction_key import ExtractionKey
    from .extraction_key_input import ExtractionKeyInput
    from .extraction_run import ExtractionRun
    from .extraction_status import ExtractionStatus
    from .extraction_value_type import ExtractionValueType
    from .function_header_input import FunctionHeaderInput
    from .function_parameter import FunctionParameter
    from .function_parameter_input import FunctionParameterInput
    from .function_parameter_type import FunctionParameterType
    from .functions_create_request import FunctionsCreateRequest
    from .json_object import JsonObject
    from .kb_threshold import KbThreshold
    from .linked_document import LinkedDocument
    from .linked_document_list import LinkedDocumentList
    from .mcube_credentials import McubeCredentials
    from .partner_config import PartnerConfig
    from .partner_display_name import PartnerDisplayName
    from .partner_status import PartnerStatus
    from .phone_number import PhoneNumber
    from .phone_number_agent import PhoneNumberAgent
    from .phone_number_list import PhoneNumberList
    from .phone_number_provider import PhoneNumberProvider
    from .phone_number_status import PhoneNumberStatus
    from .phone_numbers_reapply_bindings_request import PhoneNumbersReapplyBindingsRequest
    from .phone_numbers_sync_request import PhoneNumbersSyncRequest
    from .phone_numbers_update_request import PhoneNumbersUpdateRequest
    from .plivo_credentials import PlivoCredentials
    from .project import Project
    from .project_list import ProjectList
    from .projects_create_request import ProjectsCreateRequest
    from .projects_update_request import ProjectsUpdateRequest
    from .recording_link import RecordingLink
    from .rotated_webhook_secret import RotatedWebhookSecret
    from .session import Session
    from .session_status import SessionStatus
    from .sessions_start_webrtc_request import SessionsStartWebrtcRequest
    from .started_call import StartedCall
    from .tata_smartflo_credentials import TataSmartfloCredentials
    from .telephony_connection import TelephonyConnection
    from .telephony_connection_list import TelephonyConnectionList
    from .telephony_connection_status import TelephonyConnectionStatus
    from .telephony_connections_create_request import TelephonyConnectionsCreateRequest
    from .telephony_provider import TelephonyProvider
    from .telephony_provider_state import TelephonyProviderState
    from .telephony_provider_states import TelephonyProviderStates
    from .transcript_role import TranscriptRole
    from .transcript_turn import TranscriptTurn
    from .twilio_credentials import TwilioCredentials
    from .vobiz_credentials import VobizCredentials
    from .voice import Voice
    from .voice_link_action_code import VoiceLinkActionCode
    from .voice_link_action_item import VoiceLinkActionItem
    from .voice_link_available_did_list import VoiceLinkAvailableDidList
    from .voice_link_bot import VoiceLinkBot
    from .voice_link_bot_list import VoiceLinkBotList
    from .voice_link_call_ready import VoiceLinkCallReady
    from .voice_link_client import VoiceLinkClient
    from .voice_link_client_list import VoiceLinkClientList
    from .voice_link_credentials import VoiceLinkCredentials
    from .voice_link_did import VoiceLinkDid
    from .voice_link_did_list import VoiceLinkDidList
    from .voice_link_readiness import VoiceLinkReadiness
    from .voice_link_readiness_state import VoiceLinkReadinessState
    from .voice_link_remote_did import VoiceLinkRemoteDid
    from .voice_link_state import VoiceLinkState
    from .voice_link_step import VoiceLinkStep
    from .voice_list import VoiceList
    from .voice_tier import VoiceTier
    from .voicelink_bots_create_request import VoicelinkBotsCreateRequest
    from .voicelink_bots_update_request import VoicelinkBotsUpdateRequest
    from .voicelink_call_routing_create_request import VoicelinkCallRoutingCreateRequest
    from .voicelink_call_routing_update_request import VoicelinkCallRoutingUpdateRequest
    from .voicelink_clients_create_request import VoicelinkClientsCreateRequest
    from .voicelink_clients_update_request import VoicelinkClientsUpdateRequest
    from .voicelink_dids_make_call_ready_request import VoicelinkDidsMakeCallReadyRequest
    from .voicelink_dids_map_request import VoicelinkDidsMapRequest
    from .voicelink_state_sync_request import VoicelinkStateSyncRequest
    from .web_rtc_session import WebRTCSession
    from .webhook_endpoint import WebhookEndpoint
    from .webhook_endpoint_list import WebhookEndpointList

_MODULES = {
    "AddedContacts": ".added_contacts",
    "Agent": ".agent",
    "AgentList": ".agent_list",
    "AgentStatus": ".agent_status",
    "AgentType": ".agent_type",
    "AgentsCreateRequest": ".agents_create_request",
    "AgentsDictionariesReplaceRequest": ".agents_dictionaries_replace_request",
    "AgentsDocumentsLinkRequest": ".agents_documents_link_request",
    "AgentsUpdateRequest": ".agents_update_request",
    "AnsweredBy": ".answered_by",
    "AttachedDictionary": ".attached_dictionary",
    "AttachedDictionaryList": ".attached_dictionary_list",
    "BackgroundAudio": ".background_audio",
    "BackgroundAudioCreateUploadRequest": ".background_audio_create_upload_request",
    "BackgroundAudioList": ".background_audio_list",
    "BackgroundAudioStatus": ".background_audio_status",
    "BackgroundAudioUpload": ".background_audio_upload",
    "Call": ".call",
    "CallConcurrency": ".call_concurrency",
    "CallDetails": ".call_details",
    "CallDirection": ".call_direction",
    "CallDisposition": ".call_disposition",
    "CallExtraction": ".call_extraction",
    "CallLatency": ".call_latency",
    "CallList": ".call_list",
    "CallSession": ".call_session",
    "CallStatus": ".call_status",
    "CallTransfer": ".call_transfer",
    "CallsExtractRequest": ".calls_extract_request",
    "CallsStartRequest": ".calls_start_request",
    "CallsTransferRequest": ".calls_transfer_request",
    "Campaign": ".campaign",
    "CampaignContactInput": ".campaign_contact_input",
    "CampaignList": ".campaign_list",
    "CampaignStats": ".campaign_stats",
    "CampaignStatus": ".campaign_status",
    "CampaignsAddContactsRequest": ".campaigns_add_contacts_request",
    "CampaignsCreateRequest": ".campaigns_create_request",
    "ConcurrencyLimitSource": ".concurrency_limit_source",
    "ConfigTelephonySetExotelRequest": ".config_telephony_set_exotel_request",
    "ConfigTelephonySetMcubeRequest": ".config_telephony_set_mcube_request",
    "ConfigTelephonySetPlivoRequest": ".config_telephony_set_plivo_request",
    "ConfigTelephonySetTataSmartfloRequest": ".config_telephony_set_tata_smartflo_request",
    "ConfigTelephonySetTwilioRequest": ".config_telephony_set_twilio_request",
    "ConfigTelephonySetVobizRequest": ".config_telephony_set_vobiz_request",
    "ConfigTelephonySetVoicelinkRequest": ".config_telephony_set_voicelink_request",
    "ConfigUpdateDisplayNameRequest": ".config_update_display_name_request",
    "ConfigWebhooksCreateRequest": ".config_webhooks_create_request",
    "ConfigWebhooksSetDefaultRequest": ".config_webhooks_set_default_request",
    "ConfigWebhooksUpdateRequest": ".config_webhooks_update_request",
    "Confirmation": ".confirmation",
    "ConnectionPhoneNumber": ".connection_phone_number",
    "CreatedTelephonyConnection": ".created_telephony_connection",
    "CreatedWebhookEndpoint": ".created_webhook_endpoint",
    "CustomFunction": ".custom_function",
    "DefaultWebhook": ".default_webhook",
    "DefaultWebhookState": ".default_webhook_state",
    "DictionariesCreateRequest": ".dictionaries_create_request",
    "DictionariesUpdateRequest": ".dictionaries_update_request",
    "Dictionary": ".dictionary",
    "DictionaryList": ".dictionary_list",
    "DictionarySummary": ".dictionary_summary",
    "Document": ".document",
    "DocumentAgent": ".document_agent",
    "DocumentDetails": ".document_details",
    "DocumentFolder": ".document_folder",
    "DocumentFoldersAddDocumentRequest": ".document_folders_add_document_request",
    "DocumentFoldersCreateRequest": ".document_folders_create_request",
    "DocumentLink": ".document_link",
    "DocumentLinkResult": ".document_link_result",
    "DocumentList": ".document_list",
    "DocumentStatus": ".document_status",
    "DocumentSyncStatus": ".document_sync_status",
    "DocumentType": ".document_type",
    "DocumentUpload": ".document_upload",
    "DocumentsAddWebLinkRequest": ".documents_add_web_link_request",
    "DocumentsCreateUploadRequest": ".documents_create_upload_request",
    "DocumentsUpdateRequest": ".documents_update_request",
    "ExotelCredentials": ".exotel_credentials",
    "Extraction": ".extraction",
    "ExtractionConfig": ".extraction_config",
    "ExtractionConfigInput": ".extraction_config_input",
    "ExtractionKey": ".extraction_key",
    "ExtractionKeyInput": ".extraction_key_input",
    "ExtractionRun": ".extraction_run",
    "ExtractionStatus": ".extraction_status",
    "ExtractionValueType": ".extraction_value_type",
    "FunctionHeaderInput": ".function_header_input",
    "FunctionParameter": ".function_parameter",
    "FunctionParameterInput": ".function_parameter_input",
    "FunctionParameterType": ".function_parameter_type",
    "FunctionsCreateRequest": ".functions_create_request",
    "JsonObject": ".json_object",
    "KbThreshold": ".kb_threshold",
    "LinkedDocument": ".linked_document",
    "LinkedDocumentList": ".linked_document_list",
    "McubeCredentials": ".mcube_credentials",
    "PartnerConfig": ".partner_config",
    "PartnerDisplayName": ".partner_display_name",
    "PartnerStatus": ".partner_status",
    "PhoneNumber": ".phone_number",
    "PhoneNumberAgent": ".phone_number_agent",
    "PhoneNumberList": ".phone_number_list",
    "PhoneNumberProvider": ".phone_number_provider",
    "PhoneNumberStatus": ".phone_number_status",
    "PhoneNumbersReapplyBindingsRequest": ".phone_numbers_reapply_bindings_request",
    "PhoneNumbersSyncRequest": ".phone_numbers_sync_request",
    "PhoneNumbersUpdateRequest": ".phone_numbers_update_request",
    "PlivoCredentials": ".plivo_credentials",
    "Project": ".project",
    "ProjectList": ".project_list",
    "ProjectsCreateRequest": ".projects_create_request",
    "ProjectsUpdateRequest": ".projects_update_request",
    "RecordingLink": ".recording_link",
    "RotatedWebhookSecret": ".rotated_webhook_secret",
    "Session": ".session",
    "SessionStatus": ".session_status",
    "SessionsStartWebrtcRequest": ".sessions_start_webrtc_request",
    "StartedCall": ".started_call",
    "TataSmartfloCredentials": ".tata_smartflo_credentials",
    "TelephonyConnection": ".telephony_connection",
    "TelephonyConnectionList": ".telephony_connection_list",
    "TelephonyConnectionStatus": ".telephony_connection_status",
    "TelephonyConnectionsCreateRequest": ".telephony_connections_create_request",
    "TelephonyProvider": ".telephony_provider",
    "TelephonyProviderState": ".telephony_provider_state",
    "TelephonyProviderStates": ".telephony_provider_states",
    "TranscriptRole": ".transcript_role",
    "TranscriptTurn": ".transcript_turn",
    "TwilioCredentials": ".twilio_credentials",
    "VobizCredentials": ".vobiz_credentials",
    "Voice": ".voice",
    "VoiceLinkActionCode": ".voice_link_action_code",
    "VoiceLinkActionItem": ".voice_link_action_item",
    "VoiceLinkAvailableDidList": ".voice_link_available_did_list",
    "VoiceLinkBot": ".voice_link_bot",
    "VoiceLinkBotList": ".voice_link_bot_list",
    "VoiceLinkCallReady": ".voice_link_call_ready",
    "VoiceLinkClient": ".voice_link_client",
    "VoiceLinkClientList": ".voice_link_client_list",
    "VoiceLinkCredentials": ".voice_link_credentials",
    "VoiceLinkDid": ".voice_link_did",
    "VoiceLinkDidList": ".voice_link_did_list",
    "VoiceLinkReadiness": ".voice_link_readiness",
    "VoiceLinkReadinessState": ".voice_link_readiness_state",
    "VoiceLinkRemoteDid": ".voice_link_remote_did",
    "VoiceLinkState": ".voice_link_state",
    "VoiceLinkStep": ".voice_link_step",
    "VoiceList": ".voice_list",
    "VoiceTier": ".voice_tier",
    "VoicelinkBotsCreateRequest": ".voicelink_bots_create_request",
    "VoicelinkBotsUpdateRequest": ".voicelink_bots_update_request",
    "VoicelinkCallRoutingCreateRequest": ".voicelink_call_routing_create_request",
    "VoicelinkCallRoutingUpdateRequest": ".voicelink_call_routing_update_request",
    "VoicelinkClientsCreateRequest": ".voicelink_clients_create_request",
    "VoicelinkClientsUpdateRequest": ".voicelink_clients_update_request",
    "VoicelinkDidsMakeCallReadyRequest": ".voicelink_dids_make_call_ready_request",
    "VoicelinkDidsMapRequest": ".voicelink_dids_map_request",
    "VoicelinkStateSyncRequest": ".voicelink_state_sync_request",
    "WebRTCSession": ".web_rtc_session",
    "WebhookEndpoint": ".webhook_endpoint",
    "WebhookEndpointList": ".webhook_endpoint_list",
}


# Otherwise, type checkers would accept any name.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(_MODULES[name], __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_MODULES])


__all__ = (
    "AddedContacts",
    "Agent",
    "AgentList",
    "AgentsCreateRequest",
    "AgentsDictionariesReplaceRequest",
    "AgentsDocumentsLinkRequest",
    "AgentStatus",
    "AgentsUpdateRequest",
    "AgentType",
    "AnsweredBy",
    "AttachedDictionary",
    "AttachedDictionaryList",
    "BackgroundAudio",
    "BackgroundAudioCreateUploadRequest",
    "BackgroundAudioList",
    "BackgroundAudioStatus",
    "BackgroundAudioUpload",
    "Call",
    "CallConcurrency",
    "CallDetails",
    "CallDirection",
    "CallDisposition",
    "CallExtraction",
    "CallLatency",
    "CallList",
    "CallSession",
    "CallsExtractRequest",
    "CallsStartRequest",
    "CallStatus",
    "CallsTransferRequest",
    "CallTransfer",
    "Campaign",
    "CampaignContactInput",
    "CampaignList",
    "CampaignsAddContactsRequest",
    "CampaignsCreateRequest",
    "CampaignStats",
    "CampaignStatus",
    "ConcurrencyLimitSource",
    "ConfigTelephonySetExotelRequest",
    "ConfigTelephonySetMcubeRequest",
    "ConfigTelephonySetPlivoRequest",
    "ConfigTelephonySetTataSmartfloRequest",
    "ConfigTelephonySetTwilioRequest",
    "ConfigTelephonySetVobizRequest",
    "ConfigTelephonySetVoicelinkRequest",
    "ConfigUpdateDisplayNameRequest",
    "ConfigWebhooksCreateRequest",
    "ConfigWebhooksSetDefaultRequest",
    "ConfigWebhooksUpdateRequest",
    "Confirmation",
    "ConnectionPhoneNumber",
    "CreatedTelephonyConnection",
    "CreatedWebhookEndpoint",
    "CustomFunction",
    "DefaultWebhook",
    "DefaultWebhookState",
    "DictionariesCreateRequest",
    "DictionariesUpdateRequest",
    "Dictionary",
    "DictionaryList",
    "DictionarySummary",
    "Document",
    "DocumentAgent",
    "DocumentDetails",
    "DocumentFolder",
    "DocumentFoldersAddDocumentRequest",
    "DocumentFoldersCreateRequest",
    "DocumentLink",
    "DocumentLinkResult",
    "DocumentList",
    "DocumentsAddWebLinkRequest",
    "DocumentsCreateUploadRequest",
    "DocumentStatus",
    "DocumentsUpdateRequest",
    "DocumentSyncStatus",
    "DocumentType",
    "DocumentUpload",
    "ExotelCredentials",
    "Extraction",
    "ExtractionConfig",
    "ExtractionConfigInput",
    "ExtractionKey",
    "ExtractionKeyInput",
    "ExtractionRun",
    "ExtractionStatus",
    "ExtractionValueType",
    "FunctionHeaderInput",
    "FunctionParameter",
    "FunctionParameterInput",
    "FunctionParameterType",
    "FunctionsCreateRequest",
    "JsonObject",
    "KbThreshold",
    "LinkedDocument",
    "LinkedDocumentList",
    "McubeCredentials",
    "PartnerConfig",
    "PartnerDisplayName",
    "PartnerStatus",
    "PhoneNumber",
    "PhoneNumberAgent",
    "PhoneNumberList",
    "PhoneNumberProvider",
    "PhoneNumbersReapplyBindingsRequest",
    "PhoneNumbersSyncRequest",
    "PhoneNumberStatus",
    "PhoneNumbersUpdateRequest",
    "PlivoCredentials",
    "Project",
    "ProjectList",
    "ProjectsCreateRequest",
    "ProjectsUpdateRequest",
    "RecordingLink",
    "RotatedWebhookSecret",
    "Session",
    "SessionsStartWebrtcRequest",
    "SessionStatus",
    "StartedCall",
    "TataSmartfloCredentials",
    "TelephonyConnection",
    "TelephonyConnectionList",
    "TelephonyConnectionsCreateRequest",
    "TelephonyConnectionStatus",
    "TelephonyProvider",
    "TelephonyProviderState",
    "TelephonyProviderStates",
    "TranscriptRole",
    "TranscriptTurn",
    "TwilioCredentials",
    "VobizCredentials",
    "Voice",
    "VoiceLinkActionCode",
    "VoiceLinkActionItem",
    "VoiceLinkAvailableDidList",
    "VoiceLinkBot",
    "VoiceLinkBotList",
    "VoicelinkBotsCreateRequest",
    "VoicelinkBotsUpdateRequest",
    "VoiceLinkCallReady",
    "VoicelinkCallRoutingCreateRequest",
    "VoicelinkCallRoutingUpdateRequest",
    "VoiceLinkClient",
    "VoiceLinkClientList",
    "VoicelinkClientsCreateRequest",
    "VoicelinkClientsUpdateRequest",
    "VoiceLinkCredentials",
    "VoiceLinkDid",
    "VoiceLinkDidList",
    "VoicelinkDidsMakeCallReadyRequest",
    "VoicelinkDidsMapRequest",
    "VoiceLinkReadiness",
    "VoiceLinkReadinessState",
    "VoiceLinkRemoteDid",
    "VoiceLinkState",
    "VoicelinkStateSyncRequest",
    "VoiceLinkStep",
    "VoiceList",
    "VoiceTier",
    "WebhookEndpoint",
    "WebhookEndpointList",
    "WebRTCSession",
)
