using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CnnFast.DigitPictures;

namespace CnnFast.Server.Tests;

public sealed class ClassifyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_picture_gets_the_probabilities_of_the_model_on_its_prepared_form(bool softmax)
    {
        await using RunningServer server = await RunningServer.StartAsync(softmax: softmax);
        foreach ((byte[] file, string type) in new[] { (Pictures.Png(1), "image/png"), (Pictures.Jpeg(2), "image/jpeg"),
            (Pictures.Bmp(3), "image/bmp"), (Pictures.Png(4), "application/octet-stream") })
        {
            using HttpResponseMessage raw = await server.Client.PostAsync("classify", Body(file, type), Cancellation);
            using HttpResponseMessage form = await server.Client.PostAsync("classify",
                new MultipartFormDataContent { { Body(file, type), "image", "digit" } }, Cancellation);
            string text = await raw.Content.ReadAsStringAsync(Cancellation);
            Assert.True(raw.StatusCode == HttpStatusCode.OK, text);
            Assert.Equal("application/json", raw.Content.Headers.ContentType!.MediaType);
            Assert.Equal(text, await form.Content.ReadAsStringAsync(Cancellation));

            float[] expected = Expected(server.Model, file);
            JsonElement json = JsonDocument.Parse(text).RootElement;
            float[] found = [.. json.GetProperty("probabilities").EnumerateArray().Select(value => value.GetSingle())];
            Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
            int best = json.GetProperty("class").GetInt32();
            Assert.Equal(found.Max(), found[best]);
            Assert.Equal(found[best], json.GetProperty("probability").GetSingle());
        }
    }

    [Fact]
    public async Task Many_callers_at_once_get_the_same_answers()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string[] alone = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => AnswerAsync(server, i)));
        await Parallel.ForAsync(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation }, async (i, _) =>
            Assert.Equal(alone[i % 4], await AnswerAsync(server, i % 4)));
        Assert.Equal(68, await server.MetricAsync("cnnfast_server_requests_total"));
        Assert.Equal(0, await server.MetricAsync("cnnfast_server_errors_total"));
    }

    [Fact]
    public async Task Bad_input_is_one_sentence_with_its_status()
    {
        await using RunningServer server = await RunningServer.StartAsync(maxBytes: 10_000);
        byte[] png = Pictures.Png(0);
        await Refused(server, Body("no picture"u8.ToArray(), "image/png"), 400, "The picture is no picture: it starts with");
        await Refused(server, Body([], "image/png"), 400, "it starts with nothing");
        await Refused(server, Body(png[..^20], "image/png"), 400, "The picture is not a whole PNG file");
        await Refused(server, Body(Pictures.Blank(28), "image/png"), 400, "The picture is blank");
        await Refused(server, Body(Pictures.Blank(201), "image/png"), 400, "is 201×201 pixels; expected at most 40000 pixels in all");
        await Refused(server, Body(png, "text/plain"), 415, "The content type is 'text/plain'; expected image/png");
        await Refused(server, Body(png, "application/x-www-form-urlencoded"), 415, "expected image/png");
        await Refused(server, Body(new byte[10_001], "image/png"), 413, "The picture is too large; expected at most 10000 bytes.");
        await Refused(server, new MultipartFormDataContent { { Body(new byte[10_001], "image/png"), "image", "digit" } }, 413,
            "The picture is too large; expected at most 10000 bytes.");
        await Refused(server, new MultipartFormDataContent { { new StringContent("7"), "image" } }, 400,
            "The form has 0 files; expected one");
        await Refused(server, new MultipartFormDataContent { { Body(png, "image/png"), "a", "a" }, { Body(png, "image/png"), "b", "b" } },
            400, "The form has 2 files; expected one");
        await Refused(server, Body(png, "multipart/form-data; boundary=x"), 400, "The body cannot be read");
        await Refused(server, Body(png, "multipart/form-data"), 400, "The body cannot be read");
        Assert.Equal(13, await server.MetricAsync("cnnfast_server_errors_total"));

        using var chunked = new HttpRequestMessage(HttpMethod.Post, "classify") { Content = Body(new byte[10_001], "image/png") };
        chunked.Headers.TransferEncodingChunked = true;
        using HttpResponseMessage large = await server.Client.SendAsync(chunked, Cancellation);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);

        using HttpResponseMessage wrong = await server.Client.GetAsync(new Uri("classify", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, wrong.StatusCode);
        Assert.Equal(["POST"], wrong.Content.Headers.Allow);
        Assert.Contains("expected POST /classify", await wrong.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        using HttpResponseMessage posted = await server.Client.PostAsync("health", content: null, Cancellation);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);

        using HttpResponseMessage nowhere = await server.Client.GetAsync(new Uri("nowhere", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
        Assert.Contains("expected POST /classify", await nowhere.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.PostAsync("classify", Body(png, "image/png"), Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_request_under_way_ends_before_the_server_does()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        byte[] png = Pictures.Png(5);
        using var client = new TcpClient();
        await client.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port, Cancellation);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("POST /classify HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n" +
            $"Content-Length: {png.Length}\r\nExpect: 100-continue\r\n\r\n"), Cancellation);

        // Kestrel says "100 Continue" when the request is under way and reads its body.
        var buffer = new byte[4096];
        int read = await stream.ReadAsync(buffer, Cancellation);
        Assert.StartsWith("HTTP/1.1 100", Encoding.ASCII.GetString(buffer, 0, read), StringComparison.Ordinal);
        Task stopping = server.App.StopAsync(Cancellation);
        await stream.WriteAsync(png, Cancellation);
        using var reader = new StreamReader(stream);
        string answer = await reader.ReadToEndAsync(Cancellation);
        await stopping;
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains("\"class\":", answer, StringComparison.Ordinal);
    }

    private static float[] Expected(Model model, byte[] file)
    {
        byte[] digit = DigitImage.Prepare(ImageDecoder.Decode(file, "test"), 28, 28)!;
        var input = new float[digit.Length];
        model.Normalization.Apply(digit, input);
        float[] output = model.Predict(input);
        DigitClassifier.ToProbabilities(model, output);
        Assert.Equal(1, output.Sum(), 1e-5f);
        return output;
    }

    private static ByteArrayContent Body(byte[] file, string type)
    {
        var content = new ByteArrayContent(file);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }

    private static async Task<string> AnswerAsync(RunningServer server, int digit)
    {
        using HttpResponseMessage response = await server.Client.PostAsync("classify", Body(Pictures.Png(digit), "image/png"),
            Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }

    private static async Task Refused(RunningServer server, HttpContent content, int status, string sentence)
    {
        using HttpResponseMessage response = await server.Client.PostAsync("classify", content, Cancellation);
        string text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} {text}; expected {status} {sentence}");
        JsonProperty error = Assert.Single(JsonDocument.Parse(text).RootElement.EnumerateObject());
        Assert.Equal("error", error.Name);
        Assert.Contains(sentence, error.Value.GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Value.GetString()!);
    }
}
