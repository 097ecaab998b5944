using System.Text.Json.Serialization;

namespace CnnFast.Training;

/// <summary>How checkpoints are written as JSON, without reflection.</summary>
[JsonSerializable(typeof(CheckpointState))]
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true)]
internal sealed partial class CheckpointJson : JsonSerializerContext;
