using System.Globalization;
using System.Text.Json;

namespace CnnFast.Server;

/// <summary>What went wrong, as <c>{"error": "one sentence"}</c>.</summary>
internal static class ErrorResponse
{
    /// <summary>Turns the exceptions of a request into answers.</summary>
    public static async Task CatchAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception exception) when (!context.Response.HasStarted && Answer(exception, context) is { } answer)
        {
            await WriteAsync(context, answer.Status, answer.Sentence).ConfigureAwait(false);
        }
    }

    public static async Task WriteAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        var json = new Utf8JsonWriter(context.Response.BodyWriter);
        await using (json.ConfigureAwait(false))
        {
            json.WriteStartObject();
            json.WriteString("error", sentence);
            json.WriteEndObject();
        }
    }

    /// <summary>A path that knows one method only.</summary>
    public static Task WriteWrongMethodAsync(HttpContext context, string path, string method)
    {
        context.Response.Headers.Allow = method;
        return WriteAsync(context, StatusCodes.Status405MethodNotAllowed,
            $"{path} knows no {context.Request.Method}; expected {method} {path}.");
    }

    private static (int Status, string Sentence)? Answer(Exception exception, HttpContext context) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (
            StatusCodes.Status413PayloadTooLarge,
            string.Create(CultureInfo.InvariantCulture, $"The picture is too large; " +
                $"expected at most {context.RequestServices.GetRequiredService<ServerOptions>().MaxBytes} bytes.")),
        BadHttpRequestException bad => (bad.StatusCode, bad.Message),
        DataFormatException data => (StatusCodes.Status400BadRequest, Capital(data.Message)),
        InvalidDataException or IOException => (StatusCodes.Status400BadRequest,
            $"The body cannot be read: {exception.Message.TrimEnd('.')}; expected one picture, or a form with one file."),
        _ => null,
    };

    // The decoder's sentences start with what they call the picture.
    private static string Capital(string sentence) => sentence.Replace("'the picture'", "The picture", StringComparison.Ordinal);
}
