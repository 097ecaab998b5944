using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace CnnFast.Server;

/// <summary><c>POST /classify</c>.</summary>
internal static class ClassifyEndpoint
{
    public static async Task HandleAsync(HttpContext context, PictureClassifier classifier, ServerMetrics metrics, ServerOptions options)
    {
        long start = Stopwatch.GetTimestamp();
        bool done = false;
        try
        {
            byte[] picture = await ReadPictureAsync(context.Request, options, context.RequestAborted).ConfigureAwait(false);
            float[] probabilities = await classifier.ClassifyAsync(picture, context.RequestAborted).ConfigureAwait(false);
            context.Response.ContentType = "application/json";
            Write(context.Response, probabilities);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            done = true;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away: no error of the server's.
            done = true;
        }
        finally
        {
            metrics.Record(Stopwatch.GetElapsedTime(start), done);
        }
    }

    private static void Write(HttpResponse response, float[] probabilities)
    {
        int best = 0;
        for (int i = 1; i < probabilities.Length; i++)
        {
            if (probabilities[i] > probabilities[best])
                best = i;
        }

        using var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartObject();
        json.WriteNumber("class", best);
        json.WriteNumber("probability", probabilities[best]);
        json.WriteStartArray("probabilities");
        foreach (float probability in probabilities)
            json.WriteNumberValue(probability);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static async Task<byte[]> ReadPictureAsync(HttpRequest request, ServerOptions options, CancellationToken cancellationToken)
    {
        if (request.HasFormContentType && request.ContentType!.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            var limits = new FormOptions
            {
                MemoryBufferThreshold = (int)Math.Min(options.MaxBodyBytes, int.MaxValue),
                MultipartBodyLengthLimit = options.MaxBodyBytes,
            };
            IFormCollection form = await request.ReadFormAsync(limits, cancellationToken).ConfigureAwait(false);
            if (form.Files.Count != 1)
                throw new BadHttpRequestException($"The form has {form.Files.Count} files; expected one, a picture.");
            Stream file = form.Files[0].OpenReadStream();
            await using (file.ConfigureAwait(false))
                return await ReadAsync(file, form.Files[0].Length, options.MaxBytes, cancellationToken).ConfigureAwait(false);
        }

        if (!IsPicture(request.ContentType))
            throw new BadHttpRequestException($"The content type is '{request.ContentType}'; expected image/png, image/jpeg, image/bmp, " +
                "application/octet-stream, or multipart/form-data with one file.", StatusCodes.Status415UnsupportedMediaType);
        return await ReadAsync(request.Body, request.ContentLength, options.MaxBytes, cancellationToken).ConfigureAwait(false);
    }

    private static bool IsPicture(string? contentType) => contentType is null || (MediaTypeHeaderValue.TryParse(contentType,
        out MediaTypeHeaderValue? type)
        && (type.MediaType.Value?.ToUpperInvariant() is "IMAGE/PNG" or "IMAGE/JPEG" or "IMAGE/BMP" or "IMAGE/X-MS-BMP"
            or "APPLICATION/OCTET-STREAM"));

    private static async Task<byte[]> ReadAsync(Stream stream, long? length, long maxBytes, CancellationToken cancellationToken)
    {
        if (length > maxBytes)
            throw TooLarge();
        if (length is { } known)
        {
            var bytes = new byte[known];
            await stream.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
            return bytes;
        }

        using var memory = new MemoryStream();
        var buffer = new byte[1 << 14];
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            if (memory.Length + read > maxBytes)
                throw TooLarge();
            memory.Write(buffer, 0, read);
        }

        return memory.ToArray();
    }

    private static BadHttpRequestException TooLarge() => new("The picture is too large.", StatusCodes.Status413PayloadTooLarge);
}
