using System.Globalization;
using System.Text.Json;
using CnnFast.Verification;

namespace CnnFast.Cli;

/// <summary>Errors in units of their bounds, as text and JSON.</summary>
internal static class ErrorText
{
    /// <summary>The error in units of the bound; empty where nothing was compared.</summary>
    public static string Ratio(ElementError? error) =>
        error is { } known ? known.Ratio.ToString("0.000", CultureInfo.InvariantCulture) : "";

    /// <summary>The largest of a tensor.</summary>
    public static string Ratio(TensorGradient? tensor) => tensor is null
        ? "0.000"
        : Ratio((tensor.Forward ?? ElementError.None).Max(tensor.Gradient ?? ElementError.None)
            .Max(tensor.Difference ?? ElementError.None));

    /// <summary>Writes an object, or null where nothing was compared.</summary>
    public static void WriteJson(Utf8JsonWriter json, string name, ElementError? error)
    {
        if (error is not { Index: >= 0 } known)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteFinite("ratio", known.Ratio);
        json.WriteNumber("element", known.Index);
        json.WriteFinite("actual", known.Actual);
        json.WriteFinite("expected", known.Expected);
        json.WriteFinite("bound", known.Bound);
        json.WriteEndObject();
    }
}
